"""Every refusal as a value: a status and a typed body."""

import math
from typing import Any

from pinpoint3d.server.wire import Owner, Problem

_STATUS = {
    "bad_request": 422,
    "bad_command": 422,
    "bad_file": 422,
    "unauthorised": 401,
    "forbidden": 403,
    "not_found": 404,
    "leased": 409,
    "lease_lost": 409,
    "superseded": 409,
    "rate": 429,
    "capacity": 503,
    "unavailable": 503,
}


class RefusedError(Exception):
    """A request that is answered with a `Problem`."""

    def __init__(self, code: str, message: str, *, status: int | None = None, **details: Any) -> None:
        super().__init__(message)
        self.problem = Problem.model_validate({"code": code, "message": message, **details})
        self.status = status or _STATUS[code]


def missing(what: str, key: str) -> RefusedError:
    """There is no such thing."""
    return RefusedError("not_found", f"there is no {what} {key[:80]!r}")


def leased(scene: str, owner: Owner, *, lost: bool = False) -> RefusedError:
    """Somebody else works on the scene."""
    if lost:
        return RefusedError(
            "lease_lost", f"{owner.name} has taken {scene} over; your work up to then is kept", owner=owner
        )
    minutes = math.ceil(owner.free_in_s / 60)
    text = f"{owner.name} works on {scene}; it is free in {minutes} min if nothing more is heard of them"
    return RefusedError("leased", text, owner=owner)
