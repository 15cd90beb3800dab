"""What a reviewer says of objects and parts, and what the annotator answers."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from pinpoint3d.server.wire.base import Wire

Verdict = Literal["accepted", "sent_back", "mended"]
Comment = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class GiveReview(Wire):
    """Say something of an object or a part; it takes the place of what was said of it before.

    A reviewer accepts or sends back, the annotator answers that it is mended; None takes the review away.
    """

    object: Annotated[int, Field(ge=1, le=65_535)]
    part: Annotated[int, Field(ge=1, le=65_535)] | None = None
    verdict: Verdict | None
    comment: Comment | None = Field(default=None, description="None leaves the comment as it is.")

    @model_validator(mode="after")
    def _says_why(self) -> "GiveReview":
        if self.verdict == "sent_back" and not self.comment:
            raise PydanticCustomError("comment", "comment: say what is to be mended")
        return self


class Review(Wire):
    """What was said last of an object or a part."""

    object: int
    part: int | None
    verdict: Verdict
    comment: str
    author: str = Field(description="Who said it: the owner of the lease.")
    at: float = Field(description="Seconds since 1970, UTC.")
