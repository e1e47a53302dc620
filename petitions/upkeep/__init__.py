"""What keeps a site in order: keys, times kept, backup and restore."""
