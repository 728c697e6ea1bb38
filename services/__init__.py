"""What can be done: one function is one deed, inside the caller's transaction (`Desk`)."""
