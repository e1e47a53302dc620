"""The public board: every duty to answer, each department's, as pages, JSON, CSV, Atom and a badge."""
