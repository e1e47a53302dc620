"""The body's own sign-in (OpenID Connect), where one is configured: the authorization code flow with PKCE, state and nonce.

Authlib speaks to the issuer and checks what it signs; this module says what we ask for and what we believe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from config import Settings
from petitions import links
from petitions.errors import NotFound
from petitions.extensions import settings

NAME = "oidc"
#: Seconds; somebody sits there and waits.
PATIENCE = 10
#: What an issuer says of a sign-in with more than a password (RFC 8176).
SECOND_FACTORS = {"mfa", "otp", "hwk", "swk", "sc", "fpt", "face", "iris", "retina", "vbm"}


class IssuerAway(Exception):
    """The issuer cannot be reached, or does not answer as one."""


class NotBelieved(Exception):
    """What came back was not asked for here, is not signed by the issuer, or is for somebody else."""


@dataclass(frozen=True)
class Claims:
    """What the issuer says of who signed in."""

    subject: str
    email: str | None
    """Only where the issuer says that it checked it."""
    showed_second_factor: bool


def register(app: Flask, settings: Settings) -> None:
    """Tell Authlib of the issuer, where there is one."""
    if not settings.oidc_issuer:
        return
    OAuth(app).register(
        NAME,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )


def _client() -> Any:
    if not settings().oidc_issuer:
        raise NotFound("no issuer is configured")
    return current_app.extensions["authlib.integrations.flask_client"].create_client(NAME)


def go_there() -> ResponseReturnValue:
    """The redirect to the issuer. Raises `IssuerAway`."""
    client = _client()
    try:
        return cast(ResponseReturnValue, client.authorize_redirect(links.absolute("accounts.oidc_callback")))
    except (RequestException, AuthlibBaseError, RuntimeError, ValueError, KeyError) as problem:
        raise IssuerAway(type(problem).__name__) from None


def come_back() -> Claims:
    """What the issuer says, once it is certain that it is the issuer who says it, to us, now, about this very browser.

    Raises `IssuerAway` and `NotBelieved`.
    """
    client = _client()
    try:
        token = client.authorize_access_token(
            claims_options={
                # OIDC_ISSUER is kept without the slash that some issuers' names end in.
                "iss": {"essential": True, "values": [settings().oidc_issuer, f"{settings().oidc_issuer}/"]},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "aud": {"essential": True, "value": settings().oidc_client_id},
            }
        )
    except RequestException as problem:
        raise IssuerAway(type(problem).__name__) from None
    except (AuthlibBaseError, JoseError, RuntimeError, ValueError, KeyError, TypeError) as problem:
        raise NotBelieved(type(problem).__name__) from None
    said = token.get("userinfo")
    if not said or not isinstance(said.get("sub"), str):
        raise NotBelieved("no identity")
    methods = said.get("amr")
    email = said.get("email")
    return Claims(
        subject=said["sub"],
        email=email if isinstance(email, str) and said.get("email_verified") is True else None,
        showed_second_factor=isinstance(methods, list) and bool(SECOND_FACTORS & {str(m) for m in methods}),
    )
