"""Pages to read: help, standards, privacy, cookies, accessibility; and the small files that machines ask for."""
