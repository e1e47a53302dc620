"""JSON, CSV, imports and exports."""
