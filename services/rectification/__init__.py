"""Rectifications (整改): a list of problems, each put right by its owner and ticked off by somebody else."""
