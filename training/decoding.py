"""The parts of the network that follow the encoder, on a batch of objects that each have a picture of their own."""
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from features import Seen
from network import Network

# By kind of plane (cond_frame_outputs, non_cond_frame_outputs), then by plane.
Memories = dict[str, dict[int, dict[str, Any]]]

FED_BACK = 32.0
STABLE_DELTA, STABLE = 0.05, 0.98
# Pointers are taken from 16 planes whatever the stack's length, as the server does it; a short clip would count time otherwise.
MANY_PLANES = 1_000_000


def without_memory(network: Network, seen: Seen) -> Tensor:
    """s2 as still pictures and prompted planes have it."""
    return seen.s2 + network.no_mem_embed.reshape(1, -1, 1, 1)


def decode(network: Network, conditioned: Tensor, seen: Seen, points: np.ndarray, labels: np.ndarray, mask: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """
    @param points [B, P, 2] model pixels as indices, numpy, without the padding point, which the prompt encoder adds
    @param mask logits [B, 1, 4g, 4g] to begin from
    @returns masks [B, 4, 4g, 4g] float32, expected overlaps [B, 4], tokens [B, 4, D], object scores [B, 1]
    """
    device, encoder = conditioned.device, network.sam_prompt_encoder
    asked = (torch.as_tensor(np.asarray(points, np.float32), device=device), torch.as_tensor(np.asarray(labels, np.int32), device=device))
    sparse, dense = encoder(points=asked, boxes=None, masks=mask)
    masks, ious, tokens, score = network.sam_mask_decoder.predict_masks(
        image_embeddings=conditioned, image_pe=encoder.get_dense_pe(), sparse_prompt_embeddings=sparse, dense_prompt_embeddings=dense,
        repeat_image=False, high_res_features=[seen.s0, seen.s1])
    return masks.float(), ious.float(), tokens, score.float()


def no_points(count: int) -> tuple[np.ndarray, np.ndarray]:
    """What a plane without a prompt is asked with: one padding point, and the encoder adds another."""
    return np.zeros((count, 1, 2), np.float32), -np.ones((count, 1), np.int32)


def fed_back(logits: Tensor) -> Tensor:
    return logits.detach().clamp(-FED_BACK, FED_BACK)


def best_alternative(ious: Tensor) -> Tensor:
    """@returns which of the masks 1 to 3 [B]"""
    return 1 + ious[:, 1:].argmax(1)


def choose(masks: Tensor, ious: Tensor, ambiguous: bool) -> tuple[Tensor, Tensor]:
    """As models/sam2/sam-heads.ts: the best scored alternative when a prompt is ambiguous, or when the mask for clear prompts hangs on its
    threshold. @returns which mask [B], and whose token is the pointer [B]"""
    best = best_alternative(ious)
    if ambiguous:
        return best, best
    single = masks[:, 0].flatten(1)
    sure, perhaps = (single > STABLE_DELTA).sum(1).float(), (single > -STABLE_DELTA).sum(1).float()
    stable = torch.where(perhaps > 0, sure / perhaps.clamp(min=1), torch.ones_like(sure)) >= STABLE
    zero = torch.zeros_like(best)
    return torch.where(stable, zero, best), zero


def conditioned_by_memory(network: Network, seen: Seen, memories: Memories, plane: int) -> Tensor:
    """s2 in the light of what is remembered. @param memories of SAM2Base, by plane in the order of travel"""
    flat = seen.s2.flatten(2).permute(2, 0, 1)
    code = network.image_encoder.neck.position_encoding(seen.s2).to(seen.s2.dtype).flatten(2).permute(2, 0, 1)
    return network._prepare_memory_conditioned_features(
        frame_idx=plane, is_init_cond_frame=False, current_vision_feats=[flat], current_vision_pos_embeds=[code],
        feat_sizes=[tuple(seen.s2.shape[-2:])], output_dict=memories, num_frames=MANY_PLANES)


def remembered(network: Network, seen: Seen, logits: Tensor, pointer: Tensor, shown: Tensor, prompted: bool) -> dict[str, Any]:
    """
    @param logits [B, 1, 4g, 4g] @param pointer [B, D] of the mask taken, not yet projected @param shown [B, 1] 1 where the object is there
    @returns what SAM2Base keeps of a plane; an absent object has no mask, and a learned pointer
    """
    logits = torch.where(shown[:, :, None, None] > 0, logits, torch.full_like(logits, -1024.0))
    large = F.interpolate(logits, size=(network.image_size, network.image_size), mode="bilinear", align_corners=False)
    own = shown * network.obj_ptr_proj(pointer) + (1 - shown) * network.no_obj_ptr
    memory, code = network._encode_new_memory(
        current_vision_feats=[seen.s2.flatten(2).permute(2, 0, 1)], feat_sizes=[tuple(seen.s2.shape[-2:])], pred_masks_high_res=large,
        object_score_logits=2 * shown - 1, is_mask_from_pts=prompted)
    return {"maskmem_features": memory, "maskmem_pos_enc": code, "obj_ptr": own}


def given_mask(network: Network, seen: Seen, mask: Tensor) -> dict[str, Any]:
    """What is remembered of a plane whose mask is the prompt: the mask is the answer, the decoder is asked for the pointer alone, on the raw
    features. @param mask bool [B, S, S]"""
    drawn = mask[:, None].float()
    shown = mask.flatten(1).any(1).float()[:, None]
    _, _, tokens, _ = decode(network, seen.s2, seen, *no_points(len(mask)), network.mask_downsample(drawn))
    return remembered(network, seen, drawn_logits(mask), tokens[:, 0], shown, True)


def drawn_logits(mask: Tensor) -> Tensor:
    """What a mask that is given stands for. @param mask bool [B, S, S] @returns [B, 1, S/4, S/4]"""
    return F.interpolate(20 * mask[:, None].float() - 10, scale_factor=0.25, mode="bilinear", align_corners=False, antialias=True)
