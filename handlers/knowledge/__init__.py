"""Policy answers in talk: a question is answered, or goes to a person."""
