"""What every part knows of staff: how they get in, who sees to what, and how they are told."""
