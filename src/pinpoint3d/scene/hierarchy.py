"""Object and part labels of every point, with their names."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pinpoint3d.arrays import Int32, Int64

UNLABELLED = -1
BACKGROUND = 0
_CODE = 100  # PartScan writes one integer a point: object * 100 + part


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Which object and which of its parts every point belongs to.

    Attributes:
        object: i32 [N]: object id from 1, 0 background, -1 unlabelled.
        part: i32 [N]: part id from 1, counted within its object; 0 where the object has no named part, -1 unlabelled.
        object_names: object id -> name.
        part_names: (object id, part id) -> name. The first of the pair is the part's parent.

    Raises:
        ValueError: the two arrays differ in shape.
    """

    object: Int32
    part: Int32
    object_names: Mapping[int, str] = field(default_factory=dict)
    part_names: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.object.shape != self.part.shape or self.object.ndim != 1:
            raise ValueError(f"Hierarchy.object {self.object.shape} and .part {self.part.shape} must both be [N]")

    def __len__(self) -> int:
        return len(self.object)

    def objects(self) -> Int32:
        """Ids of the objects that own at least one point, ascending."""
        ids = np.unique(self.object)
        return ids[ids > BACKGROUND]

    def parts(self, object_id: int) -> Int32:
        """Ids of the parts of one object that own at least one point, ascending."""
        ids = np.unique(self.part[self.object == object_id])
        return ids[ids > 0]

    def object_name(self, object_id: int) -> str:
        return self.object_names.get(object_id, f"object {object_id}")

    def part_name(self, object_id: int, part_id: int) -> str:
        return self.part_names.get((object_id, part_id), f"part {part_id}")

    def codes(self) -> Int64:
        """i64 [N]: the PartScan convention, object * 100 + part; 0 background, -1 unlabelled.

        Raises:
            ValueError: an object has more than 99 parts, which the convention cannot express.
        """
        if len(self.part) and int(self.part.max()) >= _CODE:
            raise ValueError(f"part id {int(self.part.max())}: the PartScan convention ends at part {_CODE - 1}")
        codes = self.object.astype(np.int64) * _CODE + np.maximum(self.part, 0)
        return np.where(self.object > BACKGROUND, codes, self.object)

    @classmethod
    def from_codes(cls, codes: Int64) -> "Hierarchy":
        """Inverse of `codes`, without names."""
        known = codes >= 0
        return cls(
            object=np.where(known, codes // _CODE, UNLABELLED).astype(np.int32),
            part=np.where(known, codes % _CODE, UNLABELLED).astype(np.int32),
        )
