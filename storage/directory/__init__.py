"""Areas, people, roles, assignments, cards, accounts."""
