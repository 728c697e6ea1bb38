"""How the tables came to be, step by step. New steps are written by `make migration` (see `__main__`)."""
