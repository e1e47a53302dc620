"""What it costs, as ratios to floors measured in the same run: `make bench-search`, `make bench-similar`."""
