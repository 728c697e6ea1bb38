"""Quizzes in talk: a topic, a few questions, digits alone."""
