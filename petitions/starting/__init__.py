"""Write a petition, find its first supporters."""
