"""Sign, confirm, count; my signature; stop mails."""
