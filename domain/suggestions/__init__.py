"""Suggestions (意见建议): what the county is told unasked, and what came of it."""
