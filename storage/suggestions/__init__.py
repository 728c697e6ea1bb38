"""Suggestions: their rows, the sealed letters of anonymous ones, who may read them, and wrong receipt codes."""
