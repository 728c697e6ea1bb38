"""What is asked for by the date: jobs, each period of which is done once, on however many processes."""
