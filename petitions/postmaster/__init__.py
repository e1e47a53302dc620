"""Looking after mail: what waits, what went wrong, mailings to many, and what every message looks like."""
