"""What it costs, as ratios to floors measured in the same run. `run.py` is `make bench`; a module is one kind of line.

`site.py` starts what is measured, `load.py` asks it, `reckoning.py` says what came of it, `table.py` writes it down.
"""
