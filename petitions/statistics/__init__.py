"""The public figures of the whole service: its use, how petitions are checked, how answers are given."""
