"""How fast is it? `make bench` answers: the whole service over HTTP, beside bots that store little or nothing."""
