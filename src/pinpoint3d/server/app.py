"""The HTTP application: routes, refusals as typed bodies, the page."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException

from pinpoint3d.errors import ClickError, FileError, PinPointError, SceneError
from pinpoint3d.segmenters import Segmenter
from pinpoint3d.server import about, label_sets, reviews, scenes, sessions, wire
from pinpoint3d.server.guard import Guard, answer
from pinpoint3d.server.problems import RefusedError
from pinpoint3d.server.settings import ServerSettings
from pinpoint3d.server.studio import Studio

_LOG = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
_NO_PAGE = (
    "The server runs, but this installation has no page.\n\n"
    'Build it with "pip install ." from a checkout, or "npm run build" in its folder studio.\n'
)


def make_app(settings: ServerSettings, model: Segmenter[Any]) -> FastAPI:
    """The application over a data folder; `app.state.studio` is what it serves.

    Raises:
        FileError: the data folder cannot be made.
    """
    studio = Studio(settings, model)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(studio.sweep())
        yield
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        await studio.note_progress()
        studio.close()

    app = FastAPI(
        title="PinPoint3D studio",
        version=version("pinpoint3d"),
        description="Cut 3D scans into objects and parts with a few clicks. Frames are told in docs/server.md.",
        lifespan=lifespan,
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        responses={"default": {"model": wire.Problem, "description": "Whatever is no success."}},
    )
    app.state.studio = studio
    app.openapi = _with_frames(app)  # type: ignore[method-assign]
    for routes in (about, label_sets, scenes, sessions, reviews):
        app.include_router(routes.router, prefix="/api")
    if (STATIC / "index.html").is_file():
        app.mount("/", StaticFiles(directory=STATIC, html=True))
    else:
        app.add_api_route("/", _no_page, include_in_schema=False)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(PinPointError, _mistaken)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
    if settings.origins:
        app.add_middleware(CORSMiddleware, allow_origins=settings.origins, allow_methods=["*"], allow_headers=["*"])
    app.add_middleware(Guard, settings=settings)
    return app


def _with_frames(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """OpenAPI with the headers of frames, which it has no other place for; clients generate their types from it."""
    plain = app.openapi
    kinds: list[type[BaseModel]] = [*wire.FRAMES, wire.SocketProblem]
    headers: list[tuple[type[BaseModel], Literal["serialization"]]] = [(kind, "serialization") for kind in kinds]

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _, definitions = models_json_schema(headers, ref_template="#/components/schemas/{model}")
            plain()["components"]["schemas"] |= definitions["$defs"]
        return app.openapi_schema or {}

    return openapi


def _no_page() -> PlainTextResponse:
    return PlainTextResponse(_NO_PAGE)


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RefusedError)
    return answer(error)


def _mistaken(_: Request, error: Exception) -> JSONResponse:
    """What a person can mend. Paths of the server stay on the server."""
    code = {ClickError: "bad_command", FileError: "bad_file", SceneError: "bad_file"}.get(type(error), "bad_request")
    message = str(error)
    if isinstance(error, FileError):
        path, problem = error.told
        message = f"{Path(str(path)).name}: {problem}"
    return answer(RefusedError(code, message))


def _malformed(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    told = [f"{'.'.join(map(str, each['loc'][1:])) or 'body'}: {each['msg']}" for each in error.errors()[:3]]
    return answer(RefusedError("bad_request", "; ".join(told)[:500]))


def _http(_: Request, error: Exception) -> JSONResponse:
    """What the framework refuses: unknown addresses, methods, bodies that are no JSON."""
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, RefusedError):  # raised while the body was read
        return answer(error.__cause__)
    code = {404: "not_found"}.get(error.status_code, "bad_request")
    return answer(RefusedError(code, str(error.detail), status=error.status_code))


def _unexpected(_: Request, error: Exception) -> JSONResponse:
    _LOG.error("unexpected", exc_info=error)
    return answer(RefusedError("unavailable", f"something went wrong in the server ({type(error).__name__})"))
