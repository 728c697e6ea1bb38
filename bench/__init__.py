"""How fast is it? `make bench` answers: the whole service over HTTP, beside a bare echo that stores nothing."""
