"""What has to be said to whom: the outbox, and the windows in which a messenger lets us speak."""
