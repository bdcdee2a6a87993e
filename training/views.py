"""What the network is shown of a plane, as the server shows it: the source's range, a Gaussian in space, and what a window (scenes/window.py)
covers of it, stretched to the input, as tensors (server/segmentation/view.ts, models/sam2/{input,mask-logits}.ts)."""
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from dataset import Item
from scenes.window import DEVIATION, MEAN, Sizes, rounded


def sigma_in_voxels(sigma: float, spacing: tuple[float, float, float] | None, time: bool) -> tuple[float, ...]:
    """Along [plane, row, column], isotropic in space, in units of the smallest spacing; planes of time are not mixed."""
    if spacing is None:
        return (0.0 if time else sigma), sigma, sigma
    smallest = min(spacing[1:] if time else spacing)
    return tuple(0.0 if time and at == 0 else sigma * smallest / side for at, side in enumerate(spacing))


def smoothed(pixels: np.ndarray, sigmas: tuple[float, ...]) -> np.ndarray:
    """Truncated at three standard deviations, edges repeated. @param pixels float32 [plane, row, column]"""
    for axis, sigma in enumerate(sigmas):
        radius = max(0, int(np.ceil(3 * sigma - 0.5)))
        if radius == 0:
            continue
        at = np.arange(-radius, radius + 1)
        taps = np.exp(-(at * at) / (2 * sigma * sigma))
        taps /= taps.sum()
        padded = np.pad(pixels, [(radius, radius) if one == axis else (0, 0) for one in range(3)], mode="edge")
        size = pixels.shape[axis]
        pixels = np.zeros_like(pixels)
        for k, tap in enumerate(taps):
            pixels += np.float32(tap) * np.take(padded, range(k, k + size), axis=axis)
    return pixels


def levels(pixels: np.ndarray, item: Item, sigma: float) -> np.ndarray:
    """The whole item as the view has it, 0..1 within the range, float32 [plane, row, column]"""
    low, high = item.value_range
    seen = smoothed(pixels, sigma_in_voxels(sigma, item.spacing, item.time))
    return np.clip((seen - low) / (high - low), 0, 1).astype(np.float32)


def network_input(level: np.ndarray, side: int, pixel: Sizes = (1.0, 1.0)) -> Tensor:
    """@param level [rows, columns] 0..1 of a window @returns float32 [3, side, side]"""
    seen = torch.from_numpy(np.ascontiguousarray(level))[None, None]
    rows, columns = (max(1, rounded(count * size)) for count, size in zip(level.shape, pixel))
    if (rows, columns) != level.shape:
        seen = F.interpolate(seen, size=(rows, columns), mode="bilinear", align_corners=False)
    seen = F.interpolate(seen, size=(side, side), mode="bilinear", align_corners=False, antialias=True)[0]
    return (seen.expand(3, -1, -1) - torch.from_numpy(MEAN)) / torch.from_numpy(DEVIATION)


def network_mask(mask: np.ndarray, side: int) -> Tensor:
    """bool [rows, columns] of a window -> bool [side, side]; what is thinner than a pixel is kept where it covers any"""
    covered = torch.from_numpy(np.ascontiguousarray(mask)).float()[None, None]
    covered = F.interpolate(covered, size=(side, side), mode="bilinear", align_corners=False, antialias=True)[0, 0]
    found = covered >= 0.5
    return found if bool(found.any()) else covered > 0


def plane_mask(logits: Tensor, shape: tuple[int, int]) -> np.ndarray:
    """Logits [4g, 4g] seen from the centre of every pixel of a window -> bool numpy [rows, columns]"""
    return (F.interpolate(logits[None, None].float(), size=shape, mode="bilinear", align_corners=False)[0, 0] > 0).cpu().numpy()


def turned(array: Any, turn: int) -> Any:
    """One of the eight turns of the square, on the last two axes: odd ones exchange rows and columns first, then 2 and 4 mirror."""
    if turn & 1:
        array = array.swapaxes(-1, -2)
    if turn & 2:
        array = array[..., ::-1, :] if isinstance(array, np.ndarray) else array.flip(-2)
    if turn & 4:
        array = array[..., ::-1] if isinstance(array, np.ndarray) else array.flip(-1)
    return array
