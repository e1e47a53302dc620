"""On what it was measured: the machine, the versions, the commit; and programs from Debian that the bench needs."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench.load import client

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("flask", "sqlalchemy", "psycopg", "gunicorn")


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    except OSError:
        return ""
    return (done.stdout or done.stderr).strip()


def commit() -> str:
    """The commit that was measured, and whether anything was changed since."""
    # What was measured before is no change of what is measured.
    others = (".", ":!bench/results")
    changed = _said("git", "status", "--porcelain", "--untracked-files=no", "--", *others)
    return _said("git", "rev-parse", "--short=12", "HEAD") + (
        " and changes that are not committed" if changed else ""
    )


def _field(file: str, name: str) -> str:
    lines = Path(file).read_text().splitlines() if Path(file).exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")


def facts(postgresql: str) -> list[str]:
    """Sentences about the machine and what runs on it. `postgresql` is that server's version."""
    gigabytes = int(_field("/proc/meminfo", "MemTotal").split()[0]) / 1024 / 1024
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"Commit {commit()}.",
        f"{os.cpu_count()} cores ({_field('/proc/cpuinfo', 'model name')}), {gigabytes:.0f} GB of memory, "
        f"{platform.system()} {platform.release()}; load {load:.1f} when it began.",
        f"Python {platform.python_version()}, {packages}; PostgreSQL {postgresql} (fsync on).",
        f"Client, service, database and mail sink share this machine and its cores. The client is {client()}.",
    ]


def have(program: str, package: str) -> bool:
    """Whether a program is there; as root it is installed from Debian where it is not, and that is said."""
    if shutil.which(program):
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"{program} is not here: installing Debian's package {package} …", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", package], check=False, **quiet)  # type: ignore[call-overload]
    if shutil.which(program):
        return True
    print(f"{program} is not here and could not be installed ({package}).", flush=True)
    return False
