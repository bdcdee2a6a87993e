"""Small holes in low-resolution logits are closed, as the server does it (models/sam2/fill-holes.ts)."""
import torch
import torch.nn.functional as F
from torch import Tensor

LARGEST_HOLE = 8
FILLED_LOGIT = 0.1


def without_small_holes(logits: Tensor) -> Tensor:
    """@param logits [side, side]; parts at or below 0 count as 8-connected"""
    ground = logits <= 0
    # Every pixel takes the greatest number around it, eight times: the whole of a part of up to eight pixels then has one number, and meets no other.
    number = torch.where(ground, torch.arange(1, logits.numel() + 1, device=logits.device).view_as(logits), 0).double()
    for _ in range(LARGEST_HOLE):
        number = torch.where(ground, F.max_pool2d(number[None, None], 3, 1, 1)[0, 0], 0.0)
    pixels = torch.bincount(number.long().flatten(), minlength=logits.numel() + 1)
    greatest = torch.where(ground, F.max_pool2d(number[None, None], 3, 1, 1)[0, 0], 0.0)
    least = -F.max_pool2d(torch.where(ground, -number, -torch.inf)[None, None], 3, 1, 1)[0, 0]
    meets = torch.zeros_like(pixels, dtype=torch.bool)
    meets[number.long()[ground & ((least != number) | (greatest != number))]] = True
    small = (pixels <= LARGEST_HOLE) & ~meets
    return torch.where(ground & small[number.long()], torch.full_like(logits, FILLED_LOGIT), logits)
