"""The official SAM 2 network classes (package sam2 1.1.0) at any size, without hydra: the eight published variants, and networks of
the same architecture with other widths. Only the widths that the official code fixes inside are opened, by two subclasses."""
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from sam2.modeling.backbones.hieradet import Hiera
from sam2.modeling.backbones.image_encoder import FpnNeck, ImageEncoder
from sam2.modeling.memory_attention import MemoryAttention, MemoryAttentionLayer
from sam2.modeling.memory_encoder import CXBlock, Fuser, MaskDownSampler, MemoryEncoder
from sam2.modeling.position_encoding import PositionEmbeddingSine
from sam2.modeling.sam.mask_decoder import MaskDecoder
from sam2.modeling.sam.prompt_encoder import PromptEncoder
from sam2.modeling.sam.transformer import RoPEAttention, TwoWayTransformer
from sam2.modeling.sam2_base import SAM2Base
from sam2.modeling.sam2_utils import LayerNorm2d, MLP


@dataclass(frozen=True)
class Size:
    """What a variant is, as in the official configuration files; the defaults are what all of those share."""

    name: str
    embed_dim: int
    heads: int
    blocks: tuple
    global_blocks: tuple
    windows: tuple = (8, 4, 14, 7)
    position_grid: int = 7
    width: int = 256
    memory_width: int = 64
    mask_channels: int = 16
    decoder_heads: int = 8
    decoder_mlp: int = 2048
    iou_hidden: int = 256
    attention_layers: int = 4
    attention_mlp: int = 2048
    downsampler: tuple = (4, 16, 64, 256)
    image_size: int = 1024
    occlusion: bool = True  # 2.1; False is 2.0
    licence: str = "CC0-1.0"

    @property
    def family(self) -> str:
        return "sam2.1" if self.occlusion else "sam2"


TINY = Size("tiny", 96, 1, (1, 2, 7, 2), (5, 7, 9))
SIZES = {
    "tiny": TINY,
    "small": replace(TINY, name="small", blocks=(1, 2, 11, 2), global_blocks=(7, 10, 13)),
    "base_plus": Size("base_plus", 112, 2, (2, 3, 16, 3), (12, 16, 20), position_grid=14),
    "large": Size("large", 144, 2, (2, 6, 36, 4), (23, 33, 43), windows=(8, 4, 16, 8)),
}


class MaskDownSamplerOfWidths(MaskDownSampler):
    """The official stack of strided convolutions, with its four widths given."""

    def __init__(self, widths: tuple[int, ...], out: int) -> None:
        super().__init__(embed_dim=out, kernel_size=3, stride=2, padding=1)
        layers, last = [], 1
        for width in widths:
            layers += [torch.nn.Conv2d(last, width, 3, 2, 1), LayerNorm2d(width), torch.nn.GELU()]
            last = width
        self.encoder = torch.nn.Sequential(*layers, torch.nn.Conv2d(last, out, 1))


class SizedHeads:
    """Prompt encoder and mask decoder of a `size`; comes before SAM2Base or one of its subclasses."""

    image_size: int
    mem_dim: int
    proj_tpos_enc_in_obj_ptrs: bool

    def __init__(self, size: Size, **options: Any) -> None:
        self.size = size
        super().__init__(**options)

    def _build_sam_heads(self) -> None:
        size, grid = self.size, self.image_size // 16
        self.sam_prompt_embed_dim, self.sam_image_embedding_size = size.width, grid
        self.sam_prompt_encoder = PromptEncoder(size.width, (grid, grid), (self.image_size, self.image_size), size.mask_channels)
        self.sam_mask_decoder = MaskDecoder(
            num_multimask_outputs=3, transformer_dim=size.width,
            transformer=TwoWayTransformer(depth=2, embedding_dim=size.width, mlp_dim=size.decoder_mlp, num_heads=size.decoder_heads),
            iou_head_depth=3, iou_head_hidden_dim=size.iou_hidden, use_high_res_features=True, iou_prediction_use_sigmoid=True,
            pred_obj_scores=True, pred_obj_scores_mlp=True, use_multimask_token_for_obj_ptr=True,
            # What build_sam2_video_predictor adds to the configuration files.
            dynamic_multimask_via_stability=True, dynamic_multimask_stability_delta=0.05, dynamic_multimask_stability_thresh=0.98)
        self.obj_ptr_proj = MLP(size.width, size.width, size.width, 3)
        self.obj_ptr_tpos_proj = torch.nn.Linear(size.width, self.mem_dim) if self.proj_tpos_enc_in_obj_ptrs else torch.nn.Identity()


class Network(SizedHeads, SAM2Base):
    """The network alone, without a predictor's state."""


def sine(width: int) -> PositionEmbeddingSine:
    return PositionEmbeddingSine(num_pos_feats=width, normalize=True, scale=None, temperature=10000)


def hiera(size: Size) -> Hiera:
    return Hiera(embed_dim=size.embed_dim, num_heads=size.heads, stages=size.blocks, global_att_blocks=size.global_blocks,
                 window_spec=size.windows, window_pos_embed_bkg_spatial_size=(size.position_grid, size.position_grid))


def rotary(size: Size) -> dict[str, Any]:
    grid = size.image_size // 16
    return dict(rope_theta=10000.0, feat_sizes=[grid, grid], embedding_dim=size.width, num_heads=1, downsample_rate=1, dropout=0.1)


def cross_attention(size: Size) -> RoPEAttention:
    return RoPEAttention(**rotary(size), rope_k_repeat=True, kv_in_dim=size.memory_width)


def build(size: Size, kind: type = Network, trunk: Callable[[Size], Any] = hiera, cross_attention: Callable[[Size], Any] = cross_attention, **options: Any) -> Any:
    """
    @param kind a subclass of SizedHeads and SAM2Base; `options` are its own
    @param trunk, cross_attention make these parts of a size
    @returns the network in evaluation mode, with the settings of build_sam2_video_predictor
    """
    widths = [size.embed_dim * factor for factor in (8, 4, 2, 1)]
    neck = FpnNeck(sine(size.width), d_model=size.width, backbone_channel_list=widths, fpn_top_down_levels=[2, 3], fpn_interp_model="nearest")
    layer = MemoryAttentionLayer(
        activation="relu", dim_feedforward=size.attention_mlp, dropout=0.1, d_model=size.width, pos_enc_at_attn=False,
        pos_enc_at_cross_attn_keys=True, pos_enc_at_cross_attn_queries=False, self_attention=RoPEAttention(**rotary(size)),
        cross_attention=cross_attention(size))
    fuser = Fuser(CXBlock(dim=size.width, kernel_size=7, padding=3, layer_scale_init_value=1e-6, use_dwconv=True), num_layers=2)
    return kind(
        size, image_encoder=ImageEncoder(trunk(size), neck, scalp=1),
        memory_attention=MemoryAttention(d_model=size.width, pos_enc_at_input=True, layer=layer, num_layers=size.attention_layers),
        memory_encoder=MemoryEncoder(out_dim=size.memory_width, position_encoding=sine(size.memory_width), in_dim=size.width, fuser=fuser,
                                     mask_downsampler=MaskDownSamplerOfWidths(size.downsampler, size.width)),
        num_maskmem=7, image_size=size.image_size, sigmoid_scale_for_mem_enc=20.0, sigmoid_bias_for_mem_enc=-10.0,
        use_mask_input_as_output_without_sam=True, directly_add_no_mem_embed=True, use_high_res_features_in_sam=True,
        multimask_output_in_sam=True, iou_prediction_use_sigmoid=True, use_obj_ptrs_in_encoder=True,
        only_obj_ptrs_in_the_past_for_eval=True, pred_obj_scores=True, pred_obj_scores_mlp=True, fixed_no_obj_ptr=True,
        multimask_output_for_tracking=True, use_multimask_token_for_obj_ptr=True, multimask_min_pt_num=0, multimask_max_pt_num=1,
        use_mlp_for_obj_ptr_proj=True, no_obj_embed_spatial=size.occlusion, add_tpos_enc_to_obj_ptrs=size.occlusion,
        proj_tpos_enc_in_obj_ptrs=size.occlusion, use_signed_tpos_enc_to_obj_ptrs=size.occlusion,
        binarize_mask_from_pts_for_mem_enc=True, **options).eval()
