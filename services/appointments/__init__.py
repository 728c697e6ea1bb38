"""What can be done with times for talks, and with the appointments that take them."""
