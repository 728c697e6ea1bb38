"""Surveys: what a form asks, in which order, and which answers fit."""
