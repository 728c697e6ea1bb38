"""Policy answers: reading a bank, keeping it, answering from it."""
