"""The bank of policy answers, and the questions that found none."""
