"""Refuse a scan the machine has no room for, before any of it is read."""

import os
import warnings
from pathlib import Path

from pinpoint3d.errors import FileError
from pinpoint3d.io.units import ScanWarning

# A scene at the peak of its voxelising: 205 to 228 bytes a point, by benchmarks/open_scans.py on 3 million points.
WORK_BYTES_PER_POINT = 230
_GIB = 2**30
_WORTH_SAYING = 4 * _GIB  # from here on people are told before the reading begins
_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def available_bytes() -> int | None:
    """Memory a new allocation may take without swapping, within the container's limit; None where unknown."""
    known: list[int] = []
    if _MEMINFO.is_file():
        table = dict(line.split(":", 1) for line in _MEMINFO.read_text().splitlines() if ":" in line)
        if "MemAvailable" in table:
            known.append(int(table["MemAvailable"].split()[0]) * 1024)
    elif hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    try:
        limit = (_CGROUP / "memory.max").read_text().strip()
        if limit.isdigit():
            known.append(int(limit) - int((_CGROUP / "memory.current").read_text()))
    except OSError:
        pass  # no cgroup v2: no limit of that kind
    return min(known, default=None)


def require_memory(path: Path, points: int, read_bytes: int) -> None:
    """Check that a scan can be read and then worked on; the greater of the two peaks counts. Warns of large ones.

    Args:
        path: the file, for the message.
        points: how many points it declares.
        read_bytes: what reading it takes at its peak, the file's own records included.

    Raises:
        FileError: reading and voxelising would take more memory than is available.
    """
    needed = max(read_bytes, points * WORK_BYTES_PER_POINT)
    available = available_bytes()
    if available is not None and needed > available:
        raise FileError(
            path,
            f"{points:,} points need about {needed / _GIB:.1f} GiB of memory and {available / _GIB:.1f} GiB "
            "are available; thin it out or cut it into tiles first",
        )
    if needed > _WORTH_SAYING:
        warnings.warn(
            f"{path}: {points:,} points will take about {needed / _GIB:.1f} GiB of memory and a while",
            ScanWarning,
            stacklevel=2,
        )
