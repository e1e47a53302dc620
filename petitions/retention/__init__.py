"""How long what is kept: one table, printed by the privacy page, carried out by `flask purge`, proven by `overdue`."""
