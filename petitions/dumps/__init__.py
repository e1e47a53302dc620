"""All public data in files, written anew every night: for whoever wants the whole, and not a page at a time."""
