"""Sign-in through an office's own identity provider: OpenID Connect, authorization code with PKCE.

Why not Streamlit's `st.login`, which speaks the same protocol: it keeps the person in a signed cookie for thirty days
that no server can end, so that a closed account or a sign-out elsewhere would not count; it says nothing when a sign-in
fails, and leaves no event; and it runs inside a page, while our door stands before every page. Here the provider only
says who a person is; the role comes from our own table at every request, and the session is the same as after a
password. The protocol is Authlib's: the request, the exchange of the code, and the rules of an identity token.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from data.refusal import Refusal
from data.settings import Settings

CALLBACK = "/sign-in/callback"
DISCOVERY = "/.well-known/openid-configuration"
SECONDS = 10
"""How long the provider may take to answer."""
CLOCKS_APART = 60
"""How many seconds the provider's clock may be off ours."""
# Only signatures that need the provider's own key: a token signed with our shared secret, or not at all, is none.
SIGNATURES = frozenset(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"))


@dataclass(frozen=True)
class Attempt:
    """A sign-in under way, kept in the browser's own cookie until the provider sends the person back."""

    state: str
    nonce: str
    verifier: str
    wanted: str

    def sealed(self) -> str:
        """The attempt as a cookie's value."""
        return urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def of(cls, cookie: str) -> Attempt:
        """The attempt in a cookie; refuses where there is none (`oidc-state`)."""
        try:
            return cls(**{name: str(value) for name, value in json.loads(urlsafe_b64decode(cookie)).items()})
        except (ValueError, TypeError, AttributeError) as error:
            raise Refusal("oidc-state") from error


def offered(settings: Settings) -> bool:
    """Whether this installation names an identity provider."""
    return bool(settings.oidc_issuer)


def begin(settings: Settings, wanted: str) -> tuple[str, Attempt]:
    """The provider's address to send the person to, and the attempt to remember.

    Refuses incomplete or unsafe settings (`oidc-settings`) and a provider that does not answer (`oidc-unreachable`).
    """
    about = _metadata(settings)
    attempt = Attempt(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), wanted)
    address, _ = _client(settings, about).create_authorization_url(
        about["authorization_endpoint"], state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
    )
    return str(address), attempt


def finish(settings: Settings, attempt: Attempt, answer: Mapping[str, str]) -> str:
    """The name that the provider vouches for, from the query with which it sent the person back.

    Refuses an answer to another attempt (`oidc-state`), one that says no (`oidc-said-no`), and an identity token
    that is not the provider's, not for us, not for this attempt, out of date, or without the claim that names people
    (`oidc-token`).
    """
    if not hmac.compare_digest(answer.get("state", ""), attempt.state):
        raise Refusal("oidc-state")
    if "error" in answer or not answer.get("code"):
        raise Refusal("oidc-said-no", error=answer.get("error", "")[:80] or "-")
    about = _metadata(settings)
    try:
        token = _client(settings, about).fetch_token(
            about["token_endpoint"], code=answer["code"], code_verifier=attempt.verifier, timeout=SECONDS
        )
        keys = KeySet.import_key_set({"keys": _asked(about["jwks_uri"])["keys"]})
        claims = _claims(settings, about, str(token["id_token"]), keys, attempt.nonce)
    except (AuthlibBaseError, JoseError, ValueError, KeyError, requests.RequestException) as error:
        raise Refusal("oidc-token", cause=f"{type(error).__name__}: {error}"[:200]) from error
    name = claims.get(settings.oidc_claim)
    if not isinstance(name, str) or not name.strip():
        raise Refusal("oidc-token", cause=f"no claim {settings.oidc_claim}")
    if settings.oidc_claim == "email" and claims.get("email_verified") is not True:
        raise Refusal("oidc-token", cause="email_verified")
    return name


def _claims(settings: Settings, about: Mapping[str, Any], text: str, keys: KeySet, nonce: str) -> Mapping[str, Any]:
    wanted = {
        "iss": {"essential": True, "value": about["issuer"]},
        "aud": {"essential": True, "value": settings.oidc_client_id},
    }
    accepted = sorted(SIGNATURES & set(about.get("id_token_signing_alg_values_supported") or ["RS256"]))
    token = jwt.decode(text, keys, algorithms=accepted)
    about_us = {"nonce": nonce, "client_id": settings.oidc_client_id}
    CodeIDToken(token.claims, token.header, wanted, about_us).validate(leeway=CLOCKS_APART)
    return token.claims


def _client(settings: Settings, about: Mapping[str, Any]) -> OAuth2Session:
    known = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
    return OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        token_endpoint_auth_method=method,
        scope=settings.oidc_scope,
        redirect_uri=settings.public_url.rstrip("/") + CALLBACK,
        code_challenge_method="S256",
    )


def _metadata(settings: Settings) -> Mapping[str, Any]:
    """What the provider says of itself; refuses what does not come from the issuer that the settings name."""
    for name in ("oidc_issuer", "oidc_client_id", "public_url"):
        if not getattr(settings, name):
            raise Refusal("oidc-settings", variable=f"MULU_{name.upper()}", cause="-")
    issuer = settings.oidc_issuer.rstrip("/")
    about = _asked(issuer + DISCOVERY)
    if str(about.get("issuer", "")).rstrip("/") != issuer:
        raise Refusal("oidc-settings", variable="MULU_OIDC_ISSUER", cause=str(about.get("issuer", "-"))[:200])
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _safe(str(about.get(name, "")))
    return about


def _asked(address: str) -> dict[str, Any]:
    _safe(address)
    try:
        answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Refusal("oidc-unreachable", address=address, cause=type(error).__name__) from error
    return found if isinstance(found, dict) else {}


def _safe(address: str) -> None:
    """Refuse an address that is neither encrypted nor on this machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        raise Refusal("oidc-settings", variable="MULU_OIDC_ISSUER", cause=address[:200] or "-")
