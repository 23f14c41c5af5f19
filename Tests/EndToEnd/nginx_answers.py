"""Checks of what all responses through nginx share, and of nginx's own error responses."""

from harness.client import Answer
from harness.nginx import ORIGIN
from harness.replay import RECORDED

HELMET = RECORDED["about"]["helmet_headers"]


def is_secured(answer: Answer, but: tuple[str, ...] = ()) -> bool:
    for name, value in HELMET.items():
        assert name in but or answer.header(name) == value, name
    assert answer.header("server") == "nginx"
    assert answer.header("x-powered-by") is None
    return True


def is_problem(answer: Answer, status: int, message: str) -> bool:
    """Checks an error response: the contract's shape, and the headers of every other response."""
    assert answer.status == status, (answer.status, answer.body)
    assert answer.json["statusCode"] == status and answer.json["message"] == message
    assert answer.header("content-type") == "application/json; charset=utf-8"
    assert answer.header("access-control-allow-origin") == ORIGIN
    assert answer.header("access-control-allow-credentials") == "true"
    return is_secured(answer)
