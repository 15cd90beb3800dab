"""What a server is started with."""

from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MIB = 2**20


@dataclass(frozen=True)
class ServerSettings:
    """Settings of one server.

    Attributes:
        data: folder of the event log, uploads and label sets; made if absent.
        database: SQLAlchemy URL of the event log; None is SQLite in `data`.
        allow: folders whose scans may be opened by path.
        host: address it is bound to.
        token: what every request must carry; needed when bound beyond this machine.
        origins: further web origins whose pages may call it (CORS); none by default.
        capacity: scenes held in memory at once.
        idle_s: a lease ends when nothing was heard for so long.
        rate: requests a second an address may make over a while; short bursts may be ten times that.
        body_bytes: largest request.
        upload_bytes: largest file.
        stored_bytes: all unfinished uploads together.
    """

    data: Path
    database: str | None = None
    allow: tuple[Path, ...] = ()
    host: str = "127.0.0.1"
    token: str | None = field(default=None, repr=False)
    origins: tuple[str, ...] = ()
    capacity: int = 8
    idle_s: float = 600.0
    rate: float = 100.0
    body_bytes: int = 16 * _MIB
    upload_bytes: int = 16 * 1024 * _MIB
    stored_bytes: int = 64 * 1024 * _MIB

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data.absolute() / 'studio.db'}"

    @property
    def label_sets(self) -> Path:
        """Folder of the label sets that people made."""
        return self.data / "label-sets"
