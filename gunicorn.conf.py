"""How gunicorn serves the site. `WEB_CONCURRENCY` (processes) and `PORT` are the two things a machine decides."""

import fcntl
import json
import logging
import os
import runpy
import shutil
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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

#: Where the processes keep what they count for /metrics. Named before the program is loaded, which asks for it then.
_METRICS = "PROMETHEUS_MULTIPROC_DIR"
#: The part of the program that adds them up; it needs no other part.
_MEASURING = Path(__file__).with_name("petitions") / "measuring.py"


def _remove_what_dead_masters_left(place: Path) -> None:
    for folder in place.glob("petitions-metrics-*"):
        if not Path("/proc", folder.name.rpartition("-")[2]).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _make_metrics_folder() -> None:
    """A folder of this master alone, in memory where there is some; unless the environment names one."""
    given = os.environ.get(_METRICS, "")
    if (given and "petitions-metrics-" not in given) or not os.path.isdir("/proc"):
        return
    place = Path(worker_tmp_dir or tempfile.gettempdir())
    _remove_what_dead_masters_left(place)
    folder = place / f"petitions-metrics-{os.getpid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    os.environ[_METRICS] = str(folder)


_make_metrics_folder()


# The master never loads the program: its processes are copies of it, so after a reload they would go on with the parts of the
# old release that it had loaded.


def on_starting(_server: object) -> None:
    """Where the log is JSON, the master's own lines are (`petitions.logs` sees to those of its processes).

    With `--preload` the program is loaded by now, and its own formatter stays: it leaves secrets out of the line.
    """
    if os.environ.get("LOG_FORMAT", "").lower() == "json" and "petitions.logs" not in sys.modules:
        for handler in logging.getLogger("gunicorn.error").handlers:
            handler.setFormatter(_Json())


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def child_exit(server: Any, worker: Any) -> None:
    """A process has ended: what it counted is added to what all before it did, and its files go. By a process of its own.

    Not when everything ends (gunicorn listens no more): nobody asks then.
    """
    if not server.LISTENERS or os.fork():
        return
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        runpy.run_path(str(_MEASURING))["process_ended"](worker.pid)
    except Exception:
        server.log.exception("what process %s counted could not be added up", worker.pid)
    finally:
        os._exit(0)


def on_exit(_server: object) -> None:
    """The master ends, and its figures with it."""
    if os.environ.get(_METRICS, "").endswith(f"petitions-metrics-{os.getpid()}"):
        shutil.rmtree(os.environ[_METRICS], ignore_errors=True)


# A reload (SIGHUP) brings in a new release while requests go on. By itself gunicorn stops its processes while the new ones
# still load the program, and for those seconds nobody is answered. Here each new process, once it is able to serve, has one
# old process stopped. Not together with preloading: then the program is the one that gunicorn was started with.


def on_reload(server: Any) -> None:
    """Let the old processes stay beside the new."""
    server.num_workers += server.cfg.workers


def pre_fork(server: Any, worker: Any) -> None:
    """Tell a process that comes in the place of another."""
    worker.replaces_another = server.num_workers > server.cfg.workers


def post_worker_init(worker: Any) -> None:
    """It has loaded the program and can be quick at once: let gunicorn stop the oldest. One after another, for two signals at
    one moment are one."""
    if hasattr(worker.wsgi, "warm"):
        worker.wsgi.warm()
    if worker.replaces_another:
        with open(__file__) as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            os.kill(worker.ppid, signal.SIGTTOU)
            time.sleep(0.1)
