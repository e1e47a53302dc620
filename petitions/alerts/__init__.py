"""Alerts: saved searches that write a mail when something happens to a petition that they find."""
