"""Surveys: forms come in, are asked, answered and read."""
