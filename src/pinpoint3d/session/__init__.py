"""A scene being annotated: clicks in, masks out, with history, undo and storage."""

from pinpoint3d.session.request import ClickRequest, read_clicks
from pinpoint3d.session.session import Session
from pinpoint3d.session.summary import TargetSummary
from pinpoint3d.session.surface import SessionSurface

__all__ = ["ClickRequest", "Session", "SessionSurface", "TargetSummary", "read_clicks"]
