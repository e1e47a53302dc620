"""What can be known of the containers without building them: names, ports, files, settings and commands fit together.

No image is built and nothing is started here: that needs a Docker daemon and its registry.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from config import Settings
from tests.databases import Unavailable
from tests.faults.front import find_nginx
from tests.settings import make_environment

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text().replace("\\\n", " ")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
#: Read by others than the program.
NOT_OURS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}


def test_there_is_everything_that_a_site_needs() -> None:
    assert set(SERVICES) == {"migrate", "web-read", "web-write", "worker", "front", "postgresql", "redis"}
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in COMPOSE["volumes"], name
    assert SERVICES["front"]["ports"] == ["127.0.0.1:8080:8080"]
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["front"]


def test_settings_and_commands_are_known_to_the_program(app_without_database: Flask) -> None:
    known = {field.metadata["env"] for field in Settings.__dataclass_fields__.values()}
    for name, service in SERVICES.items():
        assert set(service.get("environment", {})) <= known | NOT_OURS, name
    commands = [str(service.get("command", "")).split() for service in SERVICES.values()]
    asked = {words[1] for words in commands if words[:1] == ["flask"]}
    assert asked == {"db", "worker"} <= set(app_without_database.cli.commands)
    rules = {rule.rule for rule in app_without_database.url_map.iter_rules()}
    for name in ("web-read", "web-write"):
        [path] = re.findall(r"127\.0\.0\.1:8000(/\w+)", " ".join(SERVICES[name]["healthcheck"]["test"]))
        assert path in rules


def test_nobody_is_root_and_nothing_is_open() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    for stage in stages:
        name = re.search(r"AS (\w+)", stage)
        assert name
        if name[1] != "filled":
            assert re.findall(r"^USER (\w+)", stage, flags=re.MULTILINE)[-1] in {"petitions", "nginx"}
    for name in ("migrate", "web-read", "web-write", "worker"):
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_the_image_has_every_file_that_the_program_needs(tmp_path: Path) -> None:
    kept_out = (ROOT / ".dockerignore").read_text().split()
    program = DOCKERFILE.partition("AS filled")[0]
    for line in re.findall(r"^COPY (.+)", program, flags=re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            assert source not in kept_out
            if (ROOT / source).is_dir():
                shutil.copytree(
                    ROOT / source, tmp_path / target, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(ROOT / source, tmp_path / target)
    # The page that says that there is none is made of the templates, and asks no database.
    ask = "import wsgi; print(wsgi.app.test_client().get('/nothing').status_code)"
    environment = make_environment(base_url="http://localhost") | {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == "404", done.stderr[-2000:]


def test_nginx_takes_the_files_that_the_image_is_filled_with(tmp_path: Path) -> None:
    try:
        program = find_nginx()
    except Unavailable as reason:
        pytest.skip(str(reason))
    [command] = re.findall(r"^RUN python -m (deploy\.fill_in .+)", DOCKERFILE, flags=re.MULTILINE)
    for host, port in re.findall(r"--\w+ (\S+):(\d+)", command):
        assert host in SERVICES
        assert f"0.0.0.0:{port}" in DOCKERFILE
    # Names of the network of containers are not known here, nor its user; and folders are this test's.
    here = command.replace("web-read", "127.0.0.1").replace("web-write", "127.0.0.1")
    here = here.replace("--user nginx", f"--user {os.environ.get('USER', 'root')}")
    here = re.sub(r"(--(?:cache|logs|run|into)) ", rf"\1 {tmp_path}", here)
    here = here.replace("$BASE_URL", "https://petitions.example.org").replace("$STAFF_HOST", "")
    subprocess.run([sys.executable, "-m", *shlex.split(here)], cwd=ROOT, check=True, capture_output=True)
    configuration = tmp_path / "etc" / "nginx" / "nginx.conf"
    said = subprocess.run([program, "-t", "-c", str(configuration)], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    gateway = COMPOSE["networks"]["default"]["ipam"]["config"][0]["gateway"]
    believed = re.findall(
        r"^set_real_ip_from (.+);", (configuration.parent / "real-ip.conf").read_text(), re.M
    )
    assert believed == [gateway], "the machine itself, and no visitor of a private network"
