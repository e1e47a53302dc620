"""What an operator asks: is it ready, how is it going, what is wrong with this installation."""
