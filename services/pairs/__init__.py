"""Pairs (结对): what the two say to each other, what is noted, who takes over. Seen by the two and their office only."""
