"""What is true: values, states and rules. No I/O, no clock, no SQL, no framework."""
