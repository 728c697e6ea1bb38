"""Calendars that phones read: a file for one talk, and a feed for all that a cadre has to think of."""
