"""What the types of the wire are made of, and how a refusal is told."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=200)]
Row = Annotated[int, Field(ge=0, lt=2**31)]
Coordinate = Annotated[float, Field(allow_inf_nan=False)]
Xyz = tuple[Coordinate, Coordinate, Coordinate]
Target = Annotated[int, Field(ge=1, le=65_535)] | Name
Key = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class Wire(BaseModel):
    """A field that is not known is a mistake, and is told as one."""

    model_config = ConfigDict(extra="forbid")


class Owner(Wire):
    """Who holds a scene."""

    name: str
    idle_s: float = Field(description="Seconds since the owner was last heard of.")
    free_in_s: float = Field(description="Seconds until the scene can be taken over, if the owner stays away.")


class Problem(Wire):
    """Every answer that is no success has this body."""

    code: Literal[
        "bad_request",  # 400, 405, 413, 415, 422: the request is malformed, too large or of another kind
        "bad_command",  # 422: the command cannot be carried out; the message says why
        "bad_file",  # 422: a file that cannot be read, or a scan that is none
        "unauthorised",  # 401: a token is needed
        "forbidden",  # 403: not from this address, or not this path
        "not_found",  # 404: no such scene, session, upload, format
        "leased",  # 409: somebody else works on the scene; see owner
        "lease_lost",  # 409: somebody else took the scene over; see owner
        "superseded",  # 409: a newer preview of the session took this one's place
        "capacity",  # 503: as many scenes are open as the server can hold; see retry_after_s
        "rate",  # 429: too many requests; see retry_after_s
        "unavailable",  # 503: the model or the storage failed, or the server is ending; what was accepted is safe
    ]
    message: str = Field(description="One sentence for the person at the page.")
    owner: Owner | None = None
    retry_after_s: float | None = Field(default=None, description="Send it again after so long, under the same id.")
    capacity: int | None = None
