"""Addresses of a session: what is held by a lease."""

import asyncio
import time
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response, WebSocket
from pydantic import ValidationError
from starlette.background import BackgroundTask
from starlette.responses import FileResponse
from starlette.websockets import WebSocketDisconnect

from pinpoint3d.errors import PinPointError
from pinpoint3d.server import wire
from pinpoint3d.server.about import Serving
from pinpoint3d.server.export import export
from pinpoint3d.server.frames import MEDIA_TYPE
from pinpoint3d.server.problems import RefusedError
from pinpoint3d.server.settings import LOOPBACK

router = APIRouter(prefix="/sessions/{session}")
SessionId = Annotated[str, Path(max_length=64)]
_SOCKET_BYTES = 4096


class Frame(Response):
    """A binary frame."""

    media_type = MEDIA_TYPE


def _frame(header: type[wire.Header]) -> dict[int | str, dict[str, object]]:
    """What OpenAPI says of a frame: its bytes, and by `x-header` the type of its header."""
    schema = {"type": "string", "format": "binary", "x-header": header.__name__}
    return {200: {"content": {MEDIA_TYPE: {"schema": schema}}, "description": f"A frame {header.__name__}."}}


@router.get("")
async def state(studio: Serving, session: SessionId) -> wire.State:
    """All but the arrays."""
    started = time.perf_counter()
    return await studio.with_live(session, lambda live: live.state(started))


@router.post("/heartbeat")
async def heartbeat(studio: Serving, session: SessionId) -> wire.Lease:
    """Keep the lease."""
    return await studio.heartbeat(session)


@router.post("/release", status_code=204)
async def release(studio: Serving, session: SessionId) -> None:
    """Give the scene back."""
    await studio.release(session)


@router.get("/geometry", response_class=Frame, responses=_frame(wire.Geometry))
async def geometry(studio: Serving, session: SessionId, xyz: Literal["f4", "u2"] = "f4") -> Frame:
    """The scan."""
    return Frame(await studio.geometry(session, quantised=xyz == "u2"))


@router.get("/labels", response_class=Frame, responses=_frame(wire.Labels))
async def labels(studio: Serving, session: SessionId) -> Frame:
    """All labels."""
    return Frame(await studio.labels(session))


@router.get("/confidence", response_class=Frame, responses=_frame(wire.Confidence))
async def confidence(studio: Serving, session: SessionId) -> Frame:
    """How certain the labels are."""
    return Frame(await studio.with_live(session, lambda live: live.confidence()))


@router.post("/commands", response_class=Frame, responses=_frame(wire.Answer))
async def command(studio: Serving, session: SessionId, request: wire.Command, http: Request) -> Frame:
    """Carry a command out."""
    # On one machine packing and unpacking take longer than carrying the bytes over.
    far = http.client is None or http.client.host not in LOOPBACK
    return Frame(await studio.command(session, request, deflate=far))


@router.post("/preview", response_class=Frame, responses=_frame(wire.Preview))
async def preview(studio: Serving, session: SessionId, request: wire.PreviewRequest) -> Frame:
    """What a click would do."""
    return Frame(await studio.preview(session, request))


@router.get("/export", response_class=FileResponse)
async def export_file(studio: Serving, session: SessionId, format: Annotated[str, ...]) -> FileResponse:
    """The labels in a format of `/exports`."""
    path, name, remove = await export(studio, session, format)
    return FileResponse(path, filename=name, media_type=MEDIA_TYPE, background=BackgroundTask(remove))


@router.websocket("/ws")
async def previews(socket: WebSocket, session: str) -> None:
    """Previews with less delay; a newer one takes an older one's place."""
    await socket.accept()
    studio = socket.app.state.studio
    running: set[asyncio.Task[None]] = set()

    async def told(request: wire.PreviewRequest) -> None:
        try:
            await socket.send_bytes(await studio.preview(session, request))
        except (RefusedError, PinPointError) as error:
            await socket.send_text(_problem(request.id, error))

    try:
        while True:
            text = await socket.receive_text()
            try:
                if len(text) > _SOCKET_BYTES:
                    raise RefusedError("bad_request", "the message is too long")
                request = wire.PreviewRequest.model_validate_json(text)
            except ValidationError:
                await socket.send_text(_problem(None, RefusedError("bad_request", "the message is no PreviewRequest")))
            except RefusedError as refused:
                await socket.send_text(_problem(None, refused))
            else:
                task = asyncio.create_task(told(request))
                running.add(task)
                task.add_done_callback(running.discard)
    except (WebSocketDisconnect, KeyError):  # KeyError: a binary message, which has no text
        pass
    finally:
        for task in running:
            task.cancel()


def _problem(request_id: int | None, error: RefusedError | PinPointError) -> str:
    problem = error.problem if isinstance(error, RefusedError) else wire.Problem(code="bad_command", message=str(error))
    return wire.SocketProblem(id=request_id, problem=problem).model_dump_json(exclude_none=True)
