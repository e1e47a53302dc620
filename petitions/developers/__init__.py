"""For who builds on this service: every document described for programs, and a page that explains it to people."""
