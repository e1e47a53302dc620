"""Looking at signatures: search, hold, remove and put back, one or many; how a petition was signed."""
