"""Suggestions by chat: writing one, asking for its answer, answering it, and the public board."""
