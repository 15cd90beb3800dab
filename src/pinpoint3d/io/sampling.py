"""Points on the surface of a mesh."""

import numpy as np

from pinpoint3d.io.cloud import Cloud


def sample_surface(cloud: Cloud, count: int, rng: np.random.Generator) -> Cloud:
    """`count` points spread evenly by area over the faces, with the normal of their face.

    Within a triangle: the square root of a uniform number gives the way from one corner, another the way along the
    opposite side (Osada et al., Shape Distributions, 2002). Colours come from the texture where there is
    one, else between vertices; integer fields from the nearest corner.

    Raises:
        ValueError: the cloud has no faces, or none has an area.
    """
    if cloud.faces is None:
        raise ValueError("has no faces to sample")
    with np.errstate(invalid="ignore", over="ignore"):
        corners = cloud.xyz.astype(np.float64)[cloud.faces]
        cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        area = np.linalg.norm(cross, axis=1)
    area[~np.isfinite(area)] = 0
    if not area.sum() > 0:
        raise ValueError("its faces have no area; load its vertices instead")
    reached = np.cumsum(area)
    chosen = np.minimum(
        np.searchsorted(reached, rng.random(count) * reached[-1], side="right"), np.flatnonzero(area)[-1]
    )
    root, along = np.sqrt(rng.random(count)), rng.random(count)
    weights = np.stack([1 - root, root * (1 - along), root * along], axis=1)
    nearest = cloud.faces[chosen, np.argmax(weights, axis=1)]
    if cloud.surface_rgb is not None:
        rgb = cloud.surface_rgb(chosen, weights)
    elif cloud.rgb is not None:
        rgb = np.einsum("mk,mkd->md", weights, cloud.rgb[cloud.faces[chosen]])
        rgb = rgb if cloud.rgb.dtype.kind == "f" else np.rint(rgb).astype(cloud.rgb.dtype)
    else:
        rgb = None
    return Cloud(
        xyz=np.einsum("mk,mkd->md", weights, corners[chosen]),
        rgb=rgb,
        normal=cross[chosen] / area[chosen, None],
        fields={name: values[nearest] for name, values in cloud.fields.items()},
        object_names=cloud.object_names,
        part_names=cloud.part_names,
    )
