"""What staff hear of, and how."""
