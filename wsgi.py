"""What gunicorn and the `flask` command load: the application, from the environment's settings."""

import sys

from config import SettingError
from petitions import create_app

#: gunicorn stops for good at this status, instead of starting a new process that fails the same way.
APP_LOAD_ERROR = 4

try:
    app = create_app()
except SettingError as wrong:
    sys.stderr.write(f"{wrong}\n")
    sys.exit(APP_LOAD_ERROR)
