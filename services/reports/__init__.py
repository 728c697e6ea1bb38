"""Monthly reports: drafted by the clock, read, corrected and confirmed by their owners."""
