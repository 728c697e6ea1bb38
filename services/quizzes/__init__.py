"""Quizzes: reading a bank of questions, and practising them."""
