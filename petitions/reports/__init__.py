"""Reports by readers: somebody says that a petition breaks a rule, and hears by a reference what came of it."""
