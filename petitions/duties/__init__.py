"""What an answer is owed by: the duty's clock, its days, its sentences, and what is coming."""
