"""Start-up, settings, messengers, the turn, delivery: where the house meets the world."""
