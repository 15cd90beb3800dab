"""Addresses about the server itself: health, metrics, models, label sets, formats."""

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse

from pinpoint3d.segmenters.registry import available_models
from pinpoint3d.server import wire
from pinpoint3d.server.studio import Studio
from pinpoint3d.session.exports import EXPORTS

router = APIRouter()


async def studio_of(request: Request) -> Studio:
    """What the application serves; a coroutine, since anything else would be called on another thread."""
    studio: Studio = request.app.state.studio
    return studio


Serving = Annotated[Studio, Depends(studio_of)]


@router.get("/health")
async def health(studio: Serving) -> wire.Health:
    """Whether the server answers."""
    return wire.Health(
        version=version("pinpoint3d"),
        model=studio.model.name,
        sessions=len(studio.slots),
        capacity=studio.settings.capacity,
    )


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(studio: Serving) -> str:
    """Numbers in the text format of Prometheus."""
    gauges = {"sessions": len(studio.slots), "capacity": studio.settings.capacity, "waiting": studio.worker.length}
    lines = [f"# TYPE pinpoint3d_{name} gauge\npinpoint3d_{name} {value}" for name, value in gauges.items()]
    lines += [
        f"# TYPE pinpoint3d_{name}_total counter\npinpoint3d_{name}_total {value}"
        for name, value in studio.counts.items()
    ]
    return "\n".join([*lines, ""])


@router.get("/models")
async def models(studio: Serving) -> list[wire.Model]:
    """The models this program knows; the active one answers the clicks."""
    return [
        wire.Model(name=model.name, about=model.about, ready=model.ready, active=model.name == studio.model.name)
        for model in available_models()
    ]


@router.get("/exports")
async def exports() -> list[wire.ExportFormat]:
    """The formats labels can be written in."""
    return [
        wire.ExportFormat(id=form.id, title=form.title, about=form.about, suffix=form.suffix, whole=form.whole)
        for form in EXPORTS.values()
    ]
