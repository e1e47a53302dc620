"""The people who work here, what each may do, and the permanent history."""
