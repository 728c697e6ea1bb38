"""Talk about tickets."""
