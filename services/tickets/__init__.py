"""What can be done with a ticket: filing, handling it, the villager's own word, and the clock."""
