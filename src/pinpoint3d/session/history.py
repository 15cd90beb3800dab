"""Unlimited undo: the commands given, and the state before and after each."""

from collections.abc import Iterable

from pinpoint3d.session.commands import Command
from pinpoint3d.session.state import State


class History:
    """The event log of a session.

    Attributes:
        commands: everything done, oldest first; those from `cursor` on are undone and can be redone.
        cursor: how many commands are in force.
    """

    def __init__(self, commands: Iterable[Command] = (), cursor: int | None = None) -> None:
        """Replay a log.

        Raises:
            ValueError: `cursor` lies outside the log.
        """
        self.commands: list[Command] = []
        self.cursor = 0
        self._states = [State()]
        for command in commands:
            self.do(command)
        if cursor is not None:
            if not 0 <= cursor <= len(self.commands):
                raise ValueError(f"cursor {cursor} lies outside a log of {len(self.commands)} commands")
            self.cursor = cursor

    @property
    def state(self) -> State:
        return self._states[self.cursor]

    def do(self, command: Command) -> None:
        """Carry a command out. What was undone before can no longer be redone."""
        state = command.apply(self.state)
        self.commands[self.cursor :] = [command]
        self._states[self.cursor + 1 :] = [state]
        self.cursor += 1

    def undo(self) -> bool:
        """Step back; False when nothing is left to undo."""
        possible = self.cursor > 0
        self.cursor -= possible
        return possible

    def redo(self) -> bool:
        """Step forward again; False when nothing is left to redo."""
        possible = self.cursor < len(self.commands)
        self.cursor += possible
        return possible
