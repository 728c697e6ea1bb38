"""工单: what a request may become, and by when."""
