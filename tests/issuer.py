"""A small OpenID Connect issuer: it answers over HTTP, checks what a real one checks, and signs with a key of its own."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.serving import answering

CLIENT, SECRET = "petitions", "a secret between two servers"


@dataclass
class Issuer:
    """`person` is who signs in at it next; `lies` are claims that it gets wrong."""

    person: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    """Another key than the one it publishes."""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """What each code was asked for with."""
    prompts: list[str | None] = field(default_factory=list)
    """How each sign-in was asked for: `login`, where the person is to be asked anew."""
    url: str = ""

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.answer(self, urlsplit(self.path).path, _first(urlsplit(self.path).query))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                issuer.token(self, _first(body))

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        answering(self.server)

    def close(self) -> None:
        """Be away."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler, path: str, query: dict[str, str]) -> None:
        """What it is, its keys, and its sign-in page, where everybody is already signed in."""
        if path == "/.well-known/openid-configuration":
            _json(handler, self.about())
        elif path == "/jwks":
            _json(handler, {"keys": [self.key.as_dict(private=False)]})
        elif path == "/authorize":
            assert query["client_id"] == CLIENT
            assert query["response_type"] == "code"
            assert "openid" in query["scope"].split()
            assert query["code_challenge_method"] == "S256"
            assert query["nonce"]
            code = f"code{len(self.asked)}"
            self.asked[code] = query
            self.prompts.append(query.get("prompt"))
            handler.send_response(302)
            back = urlencode({"code": code, "state": query["state"]})
            handler.send_header("Location", f"{query['redirect_uri']}?{back}")
            handler.end_headers()

    def about(self) -> dict[str, Any]:
        """Its metadata."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def token(self, handler: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        """Give a signed token for a code: once, to who asked for it, with the verifier of its challenge."""
        asked = self.asked.pop(form["code"], None)
        said = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or handler.headers["Authorization"] != f"Basic {said}"
            or challenge.rstrip(b"=").decode() != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            _json(handler, {"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.lies,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs_with or self.key)
        _json(handler, {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": signed})


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _json(handler: BaseHTTPRequestHandler, content: Any, status: int = 200) -> None:
    body = json.dumps(content).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
