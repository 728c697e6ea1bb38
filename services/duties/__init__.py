"""Duties: opened by the date, reminded of, noted by whose they are."""
