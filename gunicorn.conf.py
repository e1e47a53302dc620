"""How gunicorn serves the site. `WEB_CONCURRENCY` (processes) and `PORT` are the two things a machine decides."""

import os

wsgi_app = "wsgi:app"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4

# A request is done in milliseconds; one that is not must not hold a thread for ever.
timeout = 30
graceful_timeout = 10
keepalive = 5

# Links in mails are secrets and stand in the path, so paths are not logged here. Errors are.
accesslog = None
errorlog = "-"
loglevel = "warning"

# gunicorn would otherwise open a control socket under the home directory, which hardened units forbid.
control_socket_disable = True

# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - the kernel's own, named on purpose
