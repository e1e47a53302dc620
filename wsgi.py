"""What gunicorn and the `flask` command load: the application, from the environment's settings.

What is loaded stays as long as the process. To look through it for garbage while it is loaded would take a third of that time,
and when the process ends most of that.
"""

import gc
import sys

gc.disable()

from config import SettingError  # noqa: E402
from petitions import create_app  # noqa: E402

#: gunicorn stops for good at this status, instead of starting a new process that fails the same way.
APP_LOAD_ERROR = 4

try:
    app = create_app()
except SettingError as wrong:
    sys.stderr.write(f"{wrong}\n")
    sys.exit(APP_LOAD_ERROR)

gc.freeze()
gc.enable()
