"""Addresses of the review of a scene, open to whoever holds its lease."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from pinpoint3d.server import wire
from pinpoint3d.server.about import Serving
from pinpoint3d.server.sessions import SessionId
from pinpoint3d.session.naming import known_target

router = APIRouter(prefix="/sessions/{session}/reviews")


@router.get("")
async def reviews(studio: Serving, session: SessionId) -> list[wire.Review]:
    """What was said of the scene's objects and parts, in their order."""
    scene_id = studio.leases.hear(session).row.scene_id
    return await run_in_threadpool(studio.store.reviews, scene_id)


@router.put("")
async def review(studio: Serving, session: SessionId, request: wire.GiveReview) -> list[wire.Review]:
    """Accept an object or a part, send it back, or answer that it is mended."""
    held, _, live = await studio.enter(session)
    if request.verdict is not None:
        known_target(live.session.state, request.object, request.part)
    await run_in_threadpool(studio.store.set_review, held.row.scene_id, held.row.owner, request)
    return await run_in_threadpool(studio.store.reviews, held.row.scene_id)
