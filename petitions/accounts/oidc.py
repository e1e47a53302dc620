"""The body's own sign-in (OpenID Connect), where one is configured: the authorization code flow with PKCE, state and nonce.

Authlib speaks to the issuer and checks what it signs; this module says what we ask for and what we believe.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
#: The methods that RFC 8176 names, by what somebody shows with them: what they know, have, or are. One alone is one factor,
#: whichever it is: a fingerprint without anything else proves no more than a password without anything else.
FACTORS = (
    {"pwd", "pin", "kba"},
    {"otp", "hwk", "swk", "sc", "sms", "tel"},
    {"fpt", "face", "iris", "retina", "vbm"},
)
#: Seconds by which the issuer's clock may be behind ours.
LEEWAY = 60
#: Of the year 9999: what is later is no moment.
LAST_SECOND = 253_402_300_799


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
    signed_in_at: datetime | None
    """When the issuer last saw this person itself, where it says so."""


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


def go_there(*, again: bool = False) -> ResponseReturnValue:
    """The redirect to the issuer; `again`: it is to ask the person anew, whoever it believes sits there. Raises `IssuerAway`."""
    client = _client()
    asked = {"prompt": "login", "max_age": 0} if again else {}
    try:
        return cast(
            ResponseReturnValue, client.authorize_redirect(links.absolute("accounts.oidc_callback"), **asked)
        )
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
    email, at = said.get("email"), said.get("auth_time")
    return Claims(
        subject=said["sub"],
        email=email if isinstance(email, str) and said.get("email_verified") is True else None,
        showed_second_factor=showed_second_factor(said.get("amr"), said.get("acr")),
        signed_in_at=datetime.fromtimestamp(at, UTC)
        if isinstance(at, int) and 0 < at < LAST_SECOND
        else None,
    )


def showed_second_factor(methods: Any, level: Any) -> bool:
    """Whether the issuer says that somebody showed two different factors: by `amr` (that there were several, or one of each
    of two kinds), or by an `acr` that the site's settings name."""
    if isinstance(level, str) and level in settings().oidc_acr:
        return True
    if not isinstance(methods, list):
        return False
    shown = {str(method) for method in methods}
    return "mfa" in shown or sum(bool(kind & shown) for kind in FACTORS) > 1


def is_fresh(said: Claims, since: datetime) -> bool:
    """Whether the issuer asked the person itself, and not a cookie that it had, after a moment."""
    return said.signed_in_at is not None and said.signed_in_at >= since - timedelta(seconds=LEEWAY)
