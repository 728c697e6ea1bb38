"""Broadcasts: who gets them, how far they have come, what became of each message."""
