"""How texts are read into words, and the index that search and likeness look at."""
