"""The surface network: borders found once a scan, masks grown from the clicks along the surface between them.

A small sparse U-Net tells of every edge between neighbouring voxels whether it crosses the border of an object, and
whether it crosses that of a part. Paths from the clicks that cross no border are cheap. A click decoder weighs the cost
of these paths, straight distance and likeness to the clicked voxels against the same of the other targets and of the
background, which has learned queries of its own (AGILE3D; Easy3D). Paths learn from the masks they lead to.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, pad

from pinpoint3d.model.backbone import DEPTH, Res16UNet34C
from pinpoint3d.model.config import SurfaceConfig
from pinpoint3d.model.paths import path_costs
from pinpoint3d.model.surface import AT_ONCE, GEOMETRY, Surface
from pinpoint3d.model.surface_decoder import REACH, ClickDecoder, Level, Previous, SurfaceFeatures, Targets
from pinpoint3d.sparse import Pyramid

_RARE = -3.0  # initial log odds of a border
# Of real scans the network, which learned from generated ones, misses borders of objects; the surface bends there.
_BENDS = {Level.OBJECT: 0.2, Level.PART: 0.0}
FINE = 0.6  # voxels in which parts are told apart, in those in which objects are


class EdgeHead(nn.Module):
    """Log odds of a border across every edge: the same whichever end comes first."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.squeeze = nn.Linear(channels, width)
        self.inner = nn.Linear(2 * width + GEOMETRY, width)
        self.out = nn.Linear(width, len(Level))
        nn.init.constant_(self.out.bias, _RARE)

    def forward(self, features: Tensor, surface: Surface) -> Tensor:
        """f32 [V, C] -> f32 [E, 2]."""
        x = self.squeeze(features)
        some = zip(torch.split(surface.edges, AT_ONCE), torch.split(surface.geometry, AT_ONCE), strict=True)
        return torch.cat([self._across(x, edges, geometry) for edges, geometry in some])

    def _across(self, x: Tensor, edges: Tensor, geometry: Tensor) -> Tensor:
        a, b = embedding(edges, x).unbind(dim=1)
        pair = torch.cat([(a - b).abs(), a + b, geometry], dim=1)
        out: Tensor = self.out(torch.relu(self.inner(pair)))
        return out.float()


class SurfaceNetwork(nn.Module):
    """Masks of objects and of their parts."""

    def __init__(self, config: SurfaceConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = Res16UNet34C(config)
        self.edges = EdgeHead(config.planes[-1], config.edge)
        self.decoders = nn.ModuleList(ClickDecoder(config, _BENDS[level]) for level in Level)

    def encode(
        self, surfaces: Sequence[Surface], advance: Callable[[int], None] = lambda steps: None, lean: float = 0.0
    ) -> list[SurfaceFeatures]:
        """Features and borders of a batch of scans.

        Args:
            surfaces: the batch.
            advance: told of the backbone's progress, `backbone.STEPS` steps in all.
            lean: of the backbone's first norm to this batch, in evaluation mode; see `leaning_norm`.
        """
        coord = torch.cat([pad(surface.coord, (1, 0), value=i) for i, surface in enumerate(surfaces)])
        pyramid = surfaces[0].pyramid if len(surfaces) == 1 else Pyramid(coord, DEPTH)
        finest = self.backbone(coord, torch.cat([s.features for s in surfaces]), advance, pyramid, lean)[-1]
        features = torch.split(finest.features, [len(s) for s in surfaces])
        return [SurfaceFeatures(s, f, self.edges(f, s)) for s, f in zip(surfaces, features, strict=True)]

    def costs(self, scene: SurfaceFeatures, level: Level) -> Tensor:
        """f32 [E]: what a path pays for each edge, the more the surer it crosses the border of an object, of a part."""
        return self._decoder(level).costs(scene, scene.borders[:, level])

    def paths(
        self,
        scene: SurfaceFeatures,
        level: Level,
        targets: Targets,
        inside: Tensor | None = None,
        costs: Tensor | None = None,
    ) -> Tensor:
        """f32 [1 + T, V]: cost of the cheapest path from the clicks of every target, column 0 the background.

        Infinite where it is above `REACH`.

        Args:
            scene: the scan.
            level: whether the targets are objects of the scene, or parts of one object.
            targets: the clicks.
            inside: bool [V], voxels that paths may enter, those of the object, say; None for all.
            costs: f32 [E], `costs` of the scan where they are known.
        """
        by_edge = self.costs(scene, level) if costs is None else costs
        return path_costs(scene.surface.graph, by_edge, targets.voxel, targets.first, inside, REACH)

    def judge(
        self,
        scene: SurfaceFeatures,
        level: Level,
        targets: Targets,
        paths: Tensor,
        rows: Tensor,
        previous: Previous | None = None,
    ) -> Tensor:
        """f32 [M, 1 + T] logits at the voxels `rows`, i64 [M]; column 0 is the background, of a part its object's rest.

        Args:
            scene: the scan.
            level: whether the targets are objects of the scene, or parts of one object.
            targets: the clicks.
            paths: f32 [1 + T, V], from `paths`.
            rows: voxels asked about.
            previous: what the newest click corrects; None where the clicks come all at once.
        """
        return self._decoder(level).judge(scene, targets, paths, rows, previous)

    def _decoder(self, level: Level) -> ClickDecoder:
        decoder = self.decoders[level]
        assert isinstance(decoder, ClickDecoder)
        return decoder
