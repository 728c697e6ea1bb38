"""Suggestions: what those who write, those who answer, and the clock can do."""
