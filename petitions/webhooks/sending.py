"""One telling over HTTP: signed, to a judged address, following nowhere, waiting not long, keeping nothing of the answer."""

from __future__ import annotations

import base64
import binascii
import hmac
import socket
import ssl
import threading
from contextlib import suppress
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, quote

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from petitions.webhooks import addresses

#: Seconds to wait for the connection, and for the first line of the answer.
CONNECT_SECONDS = 5
ANSWER_SECONDS = 10
#: After so many seconds a conversation is cut off, whatever comes meanwhile: those above are seconds without a word, and a
#: server that says one letter at a time would hold up every other webhook, and outlive the lease of what it is told.
LONGEST_SECONDS = 20
USER_AGENT = "Petitions-Webhooks/1"
SECRET_PREFIX = "whsec_"
#: Certificates that are believed; the usual ones. Tests have their own.
TRUSTED = DEFAULT_CA_BUNDLE_PATH
#: What stands in an address as it was typed; all else is written as percent signs.
AS_TYPED = "!#$%&'()*+,/:;=?@[]~"


class NoAnswer(Exception):
    """Nothing came back. The message is a code of `webhooks.wording.PROBLEMS`."""


class _Deadline:
    """Cuts a conversation off when its time is over, also while TLS is still being agreed on."""

    def __init__(self, line: socket.socket) -> None:
        self.is_over = False
        # A copy: TLS takes the socket itself over.
        self._line = line.dup()
        self._timer = threading.Timer(LONGEST_SECONDS, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        self._timer.join()
        self._line.close()

    def _cut(self) -> None:
        self.is_over = True
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)


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
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "Connection": "close",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }
    try:
        with socket.create_connection((address, port), CONNECT_SECONDS) as line:
            return _post(line, parts, headers, body)
    except ssl.SSLError:
        raise NoAnswer("bad_certificate") from None
    except TimeoutError:
        raise NoAnswer("too_slow") from None
    except (OSError, HTTPException, ValueError):
        raise NoAnswer("no_connection") from None


def _post(line: socket.socket, parts: SplitResult, headers: dict[str, str], body: bytes) -> int:
    """The status of the answer over a connection that was made. Raises `TimeoutError` and whatever went wrong."""
    with _Deadline(line) as deadline:
        try:
            status = _status(line, parts, headers, body)
        except (OSError, HTTPException):
            if not deadline.is_over:
                raise
        # An answer that was cut off may look like one that ended.
        if deadline.is_over:
            raise TimeoutError
        return status


def _status(line: socket.socket, parts: SplitResult, headers: dict[str, str], body: bytes) -> int:
    host = parts.hostname or ""
    if parts.scheme == "https":
        # The certificate must be the name's, not the number's that is connected to.
        line = ssl.create_default_context(cafile=TRUSTED).wrap_socket(line, server_hostname=host)
    with line:
        line.settimeout(ANSWER_SECONDS)
        connection = HTTPConnection(host)
        connection.sock = line
        target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=AS_TYPED)
        connection.request("POST", target, body, headers)
        with connection.getresponse() as answer:
            return answer.status
