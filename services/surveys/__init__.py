"""Surveys: what can be done with them."""
