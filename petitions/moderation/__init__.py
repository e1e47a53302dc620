"""The queue of petitions to check, their words, and the decisions about them."""
