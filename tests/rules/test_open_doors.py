"""What the program reaches for: no text becomes code, few modules speak to other machines, no page keeps anything in a browser."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.rules.source import ROOT, Module, modules

pytestmark = pytest.mark.database("sqlite")

#: What turns text into something that runs, or reads what was written to be run.
MAKES_CODE = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "render_template_string",
    "from_string",
    "system",
    "popen",
}
READS_CODE = {"pickle", "marshal", "shelve", "dill", "yaml", "ctypes", "subprocess", "multiprocessing"}
#: Statements and patterns are compiled too.
HARMLESS = {"re", "statement"}
#: Who starts the parts of the site on the machine of whoever develops it.
STARTS_PROGRAMS = {"petitions.dev_server"}

SPEAKS = {
    "socket",
    "ssl",
    "smtplib",
    "http.client",
    "urllib.request",
    "requests",
    "httpx",
    "redis",
    "authlib",
    "sentry_sdk",
}
#: Everybody who speaks to another machine, and to which.
SPEAKERS = {
    "petitions.mail.transport": "the mail server of MAIL_URL",
    "petitions.mail.conversation": "the same",
    "petitions.mail.delivery": "the same",
    "petitions.webhooks.sending": "public addresses that an administrator typed",
    "petitions.webhooks.addresses": "looks those up",
    "petitions.accounts.oidc": "the issuer of OIDC_ISSUER",
    "petitions.error_reports": "the server of SENTRY_DSN",
    "petitions.operations.installed": "the Redis of REDIS_URL",
    "petitions.operations.heartbeats": "asks for this machine's own name",
    "petitions.dev_server": "looks for a free port",
}

#: What a script could keep in a browser, or let in.
IN_SCRIPTS = re.compile(
    r"localStorage|sessionStorage|indexedDB|document\.cookie|\.innerHTML\s*=|insertAdjacentHTML|document\.write"
    r"|\beval\(|new Function|postMessage|addEventListener\(\s*[\"']message"
)


def _imported(module: Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def _reaches(module: Module, wanted: set[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for name in _imported(module) for each in wanted)


def _calls(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node.func, ast.Attribute):
            of = node.func.value
            if not (isinstance(of, ast.Name) and of.id in HARMLESS):
                yield node.func.attr


def test_no_text_becomes_code() -> None:
    assert {each.name for each in modules() if MAKES_CODE & set(_calls(each))} == set()
    assert {each.name for each in modules() if _reaches(each, READS_CODE)} == STARTS_PROGRAMS


def test_only_few_speak_to_other_machines() -> None:
    assert {each.name for each in modules() if _reaches(each, SPEAKS)} == set(SPEAKERS)


def test_no_script_keeps_or_lets_in_anything() -> None:
    scripts = list((ROOT / "static" / "js").rglob("*.js"))
    assert scripts
    assert [path.name for path in scripts if IN_SCRIPTS.search(path.read_text())] == []


@pytest.mark.parametrize(
    "bad", ["x.innerHTML = y", "localStorage.a", "eval(x)", 'addEventListener("message", f)']
)
def test_the_rule_for_scripts_can_fail(bad: str) -> None:
    assert IN_SCRIPTS.search(bad)
