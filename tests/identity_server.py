"""A small real OpenID provider on this machine, which can be told to lie in one way at a time."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "mulu", "only-for-tests-a-client-secret-of-some-length"


class IdentityServer:
    """Discovery, authorize, token and keys. `person` is who signs in; `claims` and `lies` change what is told.

    `lies`: "key" signs with another key, "secret" with the client's secret (HS256), "none" not at all.
    """

    def __init__(self) -> None:
        self.person = "wang@example.org"
        self.claims: dict[str, Any] = {}
        self.lies = ""
        self.issuer_told = ""
        self.codes: dict[str, dict[str, str]] = {}
        self._key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self._other = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environment(self, public_url: str) -> dict[str, str]:
        """The settings that name this provider."""
        return {
            "MULU_OIDC_ISSUER": self.issuer, "MULU_OIDC_CLIENT_ID": CLIENT, "MULU_OIDC_CLIENT_SECRET": SECRET,
            "MULU_PUBLIC_URL": public_url,
        }  # fmt: skip

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer_told or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def authorize(self, query: dict[str, str]) -> str:
        """Everybody is let through: where the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code, once; None where the client, the code or its verifier is not right."""
        asked = self.codes.pop(form.get("code", ""), None)
        wanted = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != wanted or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.person, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        told = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": self._signed(told)}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.lies == "none":
            parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode()
                     for one in ({"alg": "none"}, claims)]  # fmt: skip
            return ".".join([*parts, ""])
        if self.lies == "secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self._other if self.lies == "key" else self._key)


def _handler(server: IdentityServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place = urlsplit(self.path)
            if place.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(place.query).items()}
                self.send_response(303)
                self.send_header("Location", server.authorize(query))
                self.end_headers()
                return
            pages = {"/.well-known/openid-configuration": server.discovery, "/keys": server.keys}
            self._answer(pages[place.path]() if place.path in pages else None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(server.token(form, self.headers.get("Authorization", "")))

        def _answer(self, content: dict[str, Any] | None) -> None:
            text = json.dumps(content if content is not None else {"error": "invalid_grant"}).encode()
            self.send_response(400 if content is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing on the terminal."""

    return Handler
