"""Surveys in talk: the way in, one question after the other, a look back, a receipt."""
