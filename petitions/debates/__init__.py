"""Debates in the chamber: considered, set, held or refused; their picture; letters and other business of a petition."""
