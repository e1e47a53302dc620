"""What the site runs on: nginx in front, the units of systemd, containers; and the tools that fill them in and try them."""
