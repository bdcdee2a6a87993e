"""What the network is shown of a plane, as the server shows it: the source's range, a Gaussian in space, a square window about four times
the object's size, stretched to the input (server/segmentation/{view,window,plane}.ts, models/sam2/{input,mask-logits}.ts)."""
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from dataset import Item

# Half-open u0, v0, u1, v1; u0, v0, width, height; sizes of a pixel along rows and columns. All in pixels of the plane.
Box = tuple[int, int, int, int]
Window = tuple[int, int, int, int]
Sizes = tuple[float, float]

MEAN = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
DEVIATION = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
WINDOW_PER_OBJECT = 4
SMALLEST_WINDOW = 64
GRID_PER_WINDOW = 8


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


def box_of(mask: np.ndarray) -> Box | None:
    """Half-open [u0, v0, u1, v1] of the set pixels, or None."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return None if len(rows) == 0 else (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def window_size(extent: float) -> int:
    """64, 96, 128, 192, 256 ...: the first that is four times the extent, in finer pixels."""
    size = SMALLEST_WINDOW
    while size < extent * WINDOW_PER_OBJECT:
        size = size // 3 * 4 if size % 3 == 0 else size // 2 * 3
    return size


def extent_of(box: Box, pixel: Sizes) -> float:
    return max((box[2] - box[0]) * pixel[1], (box[3] - box[1]) * pixel[0])


def window_around(box: Box, side: int, shape: tuple[int, int], pixel: Sizes) -> Window:
    """@param shape rows and columns of the plane @param pixel their sizes @returns (u0, v0, width, height)"""
    rows, columns = shape
    plane_side = max(columns * pixel[1], rows * pixel[0])
    if side >= plane_side:
        return 0, 0, int(np.ceil(plane_side / pixel[1])), int(np.ceil(plane_side / pixel[0]))
    width, height = (max(1, int(np.floor(side / one + 0.5))) for one in (pixel[1], pixel[0]))
    return place((box[0] + box[2]) / 2, width, columns), place((box[1] + box[3]) / 2, height, rows), width, height


def place(middle: float, size: int, side: int) -> int:
    if size >= side:
        return 0
    grid = size / GRID_PER_WINDOW
    # As JavaScript rounds: halves go up.
    start = int(np.floor(np.floor((middle - size / 2) / grid + 0.5) * grid + 0.5))
    return min(side - size, max(0, start))


def follow(window: Window, box: Box, side: int, shape: tuple[int, int], pixel: Sizes) -> Window:
    """The window stays while the object is in its middle half. @param side as it was chosen, in finer pixels"""
    u0, v0, width, height = window
    inside = box[0] >= u0 + width / 4 and box[1] >= v0 + height / 4 and box[2] <= u0 + 3 * width / 4 and box[3] <= v0 + 3 * height / 4
    return window if inside else window_around(box, side, shape, pixel)


def seen_box(window: Window, shape: tuple[int, int]) -> Box:
    """The part of the plane that a window covers."""
    u0, v0, width, height = window
    return u0, v0, min(shape[1], u0 + width), min(shape[0], v0 + height)


def part(plane: np.ndarray, box: Box) -> np.ndarray:
    return plane[box[1]:box[3], box[0]:box[2]]


def network_input(level: np.ndarray, side: int, pixel: Sizes = (1.0, 1.0)) -> Tensor:
    """@param level [rows, columns] 0..1 of a window @returns float32 [3, side, side]"""
    seen = torch.from_numpy(np.ascontiguousarray(level))[None, None]
    rows, columns = (max(1, int(np.floor(count * size + 0.5))) for count, size in zip(level.shape, pixel))
    if (rows, columns) != level.shape:
        seen = F.interpolate(seen, size=(rows, columns), mode="bilinear", align_corners=False)
    seen = F.interpolate(seen, size=(side, side), mode="bilinear", align_corners=False, antialias=True)[0]
    return (seen.expand(3, -1, -1) - MEAN) / DEVIATION


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
