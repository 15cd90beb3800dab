"""What goes wrong through no fault of the program: every message says what to do next."""


class PinPointError(Exception):
    """A mistake the user can mend. The command line prints its message as one line and exits with code 2."""


class FileError(PinPointError):
    """A file that cannot be read or written. The message begins with the file's path."""

    def __init__(self, path: object, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.told = (path, problem)

    def __reduce__(self) -> tuple[type["FileError"], tuple[object, str]]:
        # Worker processes send their errors home; the default would call us with the whole message.
        return type(self), self.told


class SceneError(PinPointError):
    """A scan that nothing can be done with: no finite point, or an extent no voxel grid can hold."""


class ClickError(PinPointError):
    """A click that cannot be placed or understood."""


class ModelError(PinPointError):
    """An unknown model, or weights that do not fit the architecture."""
