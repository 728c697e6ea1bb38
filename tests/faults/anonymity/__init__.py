"""An attacker who gets all that is stored tries to find out who said what in an anonymous survey."""
