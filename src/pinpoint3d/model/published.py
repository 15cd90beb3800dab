"""The names and layouts of the weights in the released checkpoints of AGILE3D and PinPoint3D (MinkowskiEngine).

There, a 1^3 convolution is a matrix [C_in, C_out] with a bias [1, C_out], here a linear layer; the query, key and
value projections are one matrix there, three here. Sparse convolution kernels [K, C_in, C_out] are the same.
"""

import re
from collections.abc import Callable, Mapping

from torch import Tensor

_PROJECTIONS = ("query", "key", "value")  # stacked in this order


# Applied one after another, from our names to the published ones.
_RULES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"^backbone\.stem\.conv", "backbone.conv0p1s1"),
    (r"^backbone\.stem\.norm", "backbone.bn0.bn"),
    (r"^backbone\.encoder\.(\d)\.resample\.conv", lambda m: f"backbone.conv{int(m[1]) + 1}p{2 ** int(m[1])}s2"),
    (r"^backbone\.encoder\.(\d)\.resample\.norm", lambda m: f"backbone.bn{int(m[1]) + 1}.bn"),
    (r"^backbone\.encoder\.(\d)\.blocks", lambda m: f"backbone.block{int(m[1]) + 1}"),
    (r"^backbone\.decoder\.(\d)\.resample\.conv", lambda m: f"backbone.convtr{int(m[1]) + 4}p{16 >> int(m[1])}s2"),
    (r"^backbone\.decoder\.(\d)\.resample\.norm", lambda m: f"backbone.bntr{int(m[1]) + 4}.bn"),
    (r"^backbone\.decoder\.(\d)\.blocks", lambda m: f"backbone.block{int(m[1]) + 5}"),
    (r"\.(norm[12])\.", r".\1.bn."),
    (r"\.shortcut\.linear\.weight", ".downsample.0.kernel"),
    (r"\.shortcut\.norm\.", ".downsample.1.bn."),
    (r"^squeeze\.weight", "lin_squeeze_head.kernel"),
    (r"^squeeze\.bias", "lin_squeeze_head.bias"),
    (r"^adapter\.norm\.", "adapter.net.1.bn."),
    (r"^adapter\.linear1\.", "adapter.net.0."),
    (r"^adapter\.linear2\.", "adapter.net.3."),
    (r"^(adapter\.net\.[03])\.weight", r"\1.kernel"),
    (r"^fourier\.gauss", "pos_enc.gauss_B"),
    (r"^background_content", "bg_query_feat.weight"),
    (r"^background_position", "bg_query_pos.weight"),
    (r"^norm\.", "decoder_norm."),
    (r"^part_norm\.", "decoder_norm_part."),
    (r"^object_decoder\.mask_embedding", "mask_embed_head"),
    (r"^part_decoder\.mask_embedding", "part_mask_embed_head"),
    (r"^object_decoder\.layers\.(\d+)\.click_to_scene", r"c2s_attention.\1.0.multihead_attn"),
    (r"^object_decoder\.layers\.(\d+)\.click_to_click", r"c2c_attention.\1.0.self_attn"),
    (r"^object_decoder\.layers\.(\d+)\.feed_forward", r"ffn_attention.\1.0"),
    (r"^object_decoder\.layers\.(\d+)\.scene_to_click", r"s2c_attention.\1.0.multihead_attn"),
    (r"^part_decoder\.layers\.(\d+)\.click_to_scene", r"p_c2o_attention.\1.0.multihead_attn"),
    (r"^part_decoder\.layers\.(\d+)\.click_to_click", r"p_c2c_attention.\1.0.self_attn"),
    (r"^part_decoder\.layers\.(\d+)\.feed_forward", r"p_ffn_attention.\1.0"),
    (r"^part_decoder\.layers\.(\d+)\.scene_to_click", r"p_o2c_attention.\1.0.multihead_attn"),
    (r"\.(multihead|self)_attn\.norm\.", ".norm."),
    (r"_attn\.(query|key|value)\.(weight|bias)$", r"_attn.in_proj_\2"),
    (r"_attn\.out\.", "_attn.out_proj."),
)


def published_name(name: str) -> str:
    """The published name of one of our weights, or of the matrix it is a part of."""
    for pattern, replacement in _RULES:
        name = re.sub(pattern, replacement, name)
    return name


def from_published(names: list[str], weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Published weights under our names and in our layout; a weight that is not there is left out.

    Args:
        names: our names.
        weights: published name -> weight.
    """
    return {name: _our_layout(name, weights[published_name(name)]) for name in names if published_name(name) in weights}


def _our_layout(name: str, weight: Tensor) -> Tensor:
    published, owner = published_name(name), name.split(".")[-2:][0]
    if owner in _PROJECTIONS and len(weight) % len(_PROJECTIONS) == 0:
        return weight.chunk(len(_PROJECTIONS))[_PROJECTIONS.index(owner)]
    if weight.ndim == 2 and published.endswith(".kernel"):
        return weight.T
    if weight.ndim == 2 and published.endswith(".bias"):
        return weight.flatten()
    return weight
