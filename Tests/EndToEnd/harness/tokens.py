"""JSON Web Tokens (RFC 7519), built and parsed without a library so that any can be forged."""

import base64
import hashlib
import hmac
import json


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(header: dict, payload: object, secret: str) -> str:
    """Returns a token with the given header; `alg` selects the digest, `none` omits the signature.

    A text payload is signed as it is, not encoded as a JSON string.
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
    """Returns the header and the claims without verifying the signature."""
    header, payload, _ = token.split(".")
    return json.loads(decode(header)), json.loads(decode(payload))


def is_signed(token: str, secret: str) -> bool:
    """Whether the token is signed with HS256 and the secret itself as the key."""
    message, _, signature = token.rpartition(".")
    code = hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(encode(code), signature)
