"""Counts of signatures: the only code that changes them, what a reached threshold brings about, and which figures of places may be seen."""
