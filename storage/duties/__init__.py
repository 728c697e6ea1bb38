"""Duties: templates, periods, whose they are, what was noted, who was reminded."""
