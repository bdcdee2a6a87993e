"""SAM 2's training losses (arXiv 2408.00714, appendix; facebookresearch/sam2: training/loss_fns.py for weights and smoothing): focal times 20
and dice on the best mask, L1 on the expected overlap of all, cross-entropy on presence."""
import torch
import torch.nn.functional as F
from torch import Tensor

FOCAL_WEIGHT, ALPHA, GAMMA = 20.0, 0.25, 2.0


def plane_losses(logits: Tensor, ious: Tensor, score: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """
    @param logits [B, M, 4g, 4g], float32 @param ious [B, M] expected @param score [B, 1] raw @param target bool [B, S, S]
    @returns the loss of each object [B], and each mask's true overlap [B, M]. An absent object teaches presence alone.
    """
    shown = target.flatten(1).any(1).float()
    large = enlarged(logits, target.shape[-1])
    truth = target[:, None].expand_as(large).float()
    sure = large.sigmoid()
    right = sure * truth + (1 - sure) * (1 - truth)
    weight = (ALPHA * truth + (1 - ALPHA) * (1 - truth)) * (1 - right) ** GAMMA
    focal = (weight * F.binary_cross_entropy_with_logits(large, truth, reduction="none")).mean((-1, -2))
    dice = 1 - (2 * (sure * truth).sum((-1, -2)) + 1) / (sure.sum((-1, -2)) + truth.sum((-1, -2)) + 1)
    overlap = overlaps(large, target)
    best = (FOCAL_WEIGHT * focal + dice).min(1).values
    expected = (ious - overlap).abs().mean(1)
    presence = F.binary_cross_entropy_with_logits(score[:, 0], shown, reduction="none")
    return (best + expected) * shown + presence, overlap


@torch.no_grad()
def overlaps(large: Tensor, target: Tensor) -> Tensor:
    hit, truth = large > 0, target[:, None]
    return (hit & truth).sum((-1, -2)) / (hit | truth).sum((-1, -2)).clamp(min=1)


def enlarged(logits: Tensor, side: int) -> Tensor:
    return F.interpolate(logits.float(), size=(side, side), mode="bilinear", align_corners=False)
