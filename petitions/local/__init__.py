"""What people near me sign: an area's page, and where a petition's signatures come from."""
