"""A small OpenID Connect provider as a process of its own: discovery, codes with PKCE, signed ID tokens, its keys.

It signs whoever is named in `login_hint` or `user` in without asking. `twist` bends one thing of the ID token, so that a
client that does not check it is found out.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CODES: dict[str, dict[str, str]] = {}
STATE = {"user": "mona", "twist": ""}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def id_token(claims: dict, twist: str) -> str:
    header = {"alg": "none" if twist == "none" else "RS256", "kid": "1", "typ": "JWT"}
    signed = ".".join(b64(json.dumps(part).encode()) for part in (header, claims))
    if twist == "none":
        return signed + "."
    key = OTHER if twist == "key" else KEY
    return signed + "." + b64(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))


class Handler(BaseHTTPRequestHandler):
    def answer(self, status: int, body: dict, **headers: str) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {k: v[0] for k, v in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            self.answer(200, {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            })  # fmt: skip
        elif url.path == "/keys":
            numbers = KEY.public_key().public_numbers()
            n, e = (b64(x.to_bytes((x.bit_length() + 7) // 8)) for x in (numbers.n, numbers.e))
            self.answer(200, {"keys": [{"kty": "RSA", "kid": "1", "alg": "RS256", "use": "sig", "n": n, "e": e}]})
        elif url.path == "/authorize":
            code = secrets.token_urlsafe(16)
            CODES[code] = asked
            back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            self.answer(303, {}, Location=back)
        elif url.path == "/set":
            STATE.update(asked)
            self.answer(200, {})
        else:
            self.answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        given = {k: v[0] for k, v in parse_qs(body).items()}
        asked = CODES.pop(given.get("code", ""), None)
        challenge = b64(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        basic = "Basic " + base64.b64encode(b"upheld:a-secret").decode()
        if asked is None or asked["code_challenge"] != challenge or self.headers.get("authorization") != basic:
            self.answer(400, {"error": "invalid_grant"})
            return
        now, twist = int(time.time()), STATE["twist"]
        claims = {
            "iss": "https://elsewhere" if twist == "issuer" else self.issuer,
            "aud": "another" if twist == "audience" else asked["client_id"], "sub": f"sub-{STATE['user']}",
            "iat": now, "exp": now - 3600 if twist == "expired" else now + 300,
            "nonce": "old" if twist == "nonce" else asked["nonce"], "preferred_username": STATE["user"],
            "email": f"{STATE['user']}@example.com",
        }  # fmt: skip
        self.answer(200, {
            "access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": id_token(claims, twist),
        })  # fmt: skip

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
