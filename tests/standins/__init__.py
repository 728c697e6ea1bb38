"""Servers that stand in for the messengers: real HTTP, the published rules, and faults on demand."""
