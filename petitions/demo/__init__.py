"""Demo content: the made-up country of Arvenia, its people and its petitions, for `flask demo` and `make run`."""
