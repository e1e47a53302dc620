"""One telling over HTTP: signed, to a judged address, following nowhere, waiting not long, keeping nothing of the answer."""

from __future__ import annotations

import base64
import binascii
import hmac
from hashlib import sha256
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from petitions.webhooks import addresses

#: Seconds to wait for the connection, and for the first line of the answer.
CONNECT_SECONDS = 5
ANSWER_SECONDS = 10
USER_AGENT = "Petitions-Webhooks/1"
SECRET_PREFIX = "whsec_"
#: Certificates that are believed; the usual ones. Tests have their own.
TRUSTED: str | bool = True


class NoAnswer(Exception):
    """Nothing came back. The message is a code of `webhooks.wording.PROBLEMS`."""


class _ToAddress(HTTPAdapter):
    """Connects to one judged address, and asks it to prove that it is the host of the webhook."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let TLS name the host and check the certificate against it, not against the number that is connected to."""
        super().init_poolmanager(*args, **kwargs, server_hostname=self.host, assert_hostname=self.host)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: HMAC-SHA256 of `id.timestamp.body`, by the Standard Webhooks."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, sha256)).decode()


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("not a webhook's secret") from None


def send(*, url: str, secret: str, message_id: str, timestamp: int, body: bytes) -> int:
    """Send one message. Returns the HTTP status of the answer. Raises `NoAnswer`."""
    try:
        parts = addresses.checked_url(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        address = addresses.resolve(host, port)
    except addresses.NotAllowed as problem:
        raise NoAnswer(str(problem)) from None
    numbered = f"[{address}]" if ":" in address else address
    target = parts._replace(netloc=f"{numbered}:{port}").geturl()
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", _ToAddress(host))
        session.mount("http://", HTTPAdapter(max_retries=0))
        return _post(session, target, headers, body)


def _post(session: requests.Session, url: str, headers: dict[str, str], body: bytes) -> int:
    try:
        with session.post(
            url,
            data=body,
            headers=headers,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            allow_redirects=False,
            stream=True,
            verify=TRUSTED,
        ) as response:
            return response.status_code
    except requests.exceptions.SSLError:
        raise NoAnswer("bad_certificate") from None
    except requests.exceptions.Timeout:
        raise NoAnswer("too_slow") from None
    except (requests.exceptions.RequestException, OSError, ValueError):
        raise NoAnswer("no_connection") from None
