"""Rooms with things in them as people place them."""

from pinpoint3d.synthesis.rooms.check import AssemblyCheck, check_assembly
from pinpoint3d.synthesis.rooms.room import Room, corner, furnished_room, table_top

__all__ = ["AssemblyCheck", "Room", "check_assembly", "corner", "furnished_room", "table_top"]
