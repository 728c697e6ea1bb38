"""Talk about rectifications (整改)."""
