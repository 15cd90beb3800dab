"""Cut a scan into objects and parts from Python.

python examples/segment_a_room.py                # the sample room
python examples/segment_a_room.py room.ply       # prints what the scan holds, to find coordinates in
"""

import sys
from importlib.resources import files
from pathlib import Path

from pinpoint3d import Session, load_model, load_scene


def main() -> None:
    """Click a few points of the sample room, look at what they gave, and save it."""
    if len(sys.argv) > 1:
        scene = load_scene(sys.argv[1])
        sys.stdout.write(f"{scene.name}: {len(scene):,} points from {scene.bounds[0]} to {scene.bounds[1]} m\n")
        return
    scene = load_scene(Path(str(files("pinpoint3d") / "assets" / "sample_room.ply")))
    session = Session(load_model(), scene)
    session.click([1.452, 2.0, 0.745], object="table", part="top")
    session.click([1.75, 1.12, 0.47], object="chair", part="seat")
    session.click([1.65, 0.93, 0.76], object="chair", part="back")
    session.background([2.3, 0.6, 0.0])
    for row in session.summary():
        sys.stdout.write(f"{row.name:>8}: {row.points:6,} points\n")
    session.click([1.3, 2.14, 0.88], object="laptop")
    session.undo()
    session.save("room.pp3d")
    session.export("room.labelled.ply")


if __name__ == "__main__":
    main()
