"""Addresses of the queue: scenes, folders, uploads, leases."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool

from pinpoint3d.server import wire
from pinpoint3d.server.about import Serving

router = APIRouter()
SceneId = Annotated[str, Path(max_length=64)]
UploadId = Annotated[str, Path(max_length=64)]


@router.get("/scenes")
async def queue(studio: Serving) -> list[wire.Scene]:
    """The queue."""
    return await studio.scenes()


@router.get("/folders")
def folder(studio: Serving, path: str | None = None) -> wire.Folder:
    """An allowed folder of the server; without a path, which are allowed."""
    return studio.places.folder(path)


@router.post("/scenes/open")
async def open_path(studio: Serving, request: wire.OpenPath) -> wire.Scene:
    """Put a scan of the server's disk into the queue."""
    return await studio.open_path(request)


@router.patch("/scenes/{scene}")
async def change(studio: Serving, scene: SceneId, request: wire.ChangeScene) -> wire.Scene:
    """Set the state or the name of a scene."""
    return await studio.change(scene, request)


@router.post("/uploads")
def begin_upload(studio: Serving, request: wire.BeginUpload) -> wire.Upload:
    """Announce a file that will come in chunks."""
    return studio.uploads.begin(request)


@router.get("/uploads/{upload}")
def upload_state(studio: Serving, upload: UploadId) -> wire.Upload:
    """Which chunks are missing."""
    return studio.uploads.state(upload)


@router.put(
    "/uploads/{upload}/chunks/{number}",
    openapi_extra={
        "requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def put_chunk(
    studio: Serving, upload: UploadId, number: Annotated[int, Path(ge=0, lt=2**31)], request: Request
) -> wire.Upload:
    """Take the bytes of a chunk."""
    content = await request.body()
    return await run_in_threadpool(studio.uploads.put, upload, number, content)


@router.post("/uploads/{upload}/finish")
async def finish_upload(studio: Serving, upload: UploadId, request: wire.FinishUpload) -> wire.Uploaded:
    """Put the chunks together."""
    return await studio.finish_upload(upload, request)


@router.post("/scenes/{scene}/lease")
async def lease(studio: Serving, scene: SceneId, request: wire.LeaseRequest) -> wire.Lease:
    """Hold a scene to work on it."""
    return await studio.lease(scene, request)
