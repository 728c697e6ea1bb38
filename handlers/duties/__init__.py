"""What a cadre says and sees of his duties."""
