"""What can be done with a survey: reading its results, and inviting to it by codes."""
