"""JSON Web Tokens (RFC 7519), made and read by hand so that any of them can be forged."""

import base64
import hashlib
import hmac
import json


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(header: dict, payload: object, secret: str) -> str:
    """A token with that header; the digest follows its `alg`, and `none` has no signature.

    A payload that is text is taken as the bytes to sign, not as a JSON string.
    """
    text = payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"))
    head = json.dumps(header, separators=(",", ":"))
    message = f"{encode(head.encode())}.{encode(text.encode())}"
    if header["alg"] == "none":
        return f"{message}."
    digest = {"384": hashlib.sha384, "512": hashlib.sha512}.get(
        header["alg"][2:], hashlib.sha256)
    code = hmac.new(secret.encode(), message.encode(), digest).digest()
    return f"{message}.{encode(code)}"


def read(token: str) -> tuple[dict, dict]:
    """The header and the claims, unverified."""
    header, payload, _ = token.split(".")
    return json.loads(decode(header)), json.loads(decode(payload))


def is_signed(token: str, secret: str) -> bool:
    """Whether the token is signed with HS256 and the secret itself."""
    message, _, signature = token.rpartition(".")
    code = hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(encode(code), signature)
