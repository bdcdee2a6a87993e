"""Which part of a plane the network looks at, and the mask it should find there: the rules of server/segmentation/{window,plane,view}.ts and
models/sam2/input.ts, in NumPy alone."""
from functools import lru_cache

import numpy as np

# Half-open u0, v0, u1, v1; u0, v0, width, height; sides of a pixel along rows and columns in units of the finer. All in pixels of the plane.
Box = tuple[int, int, int, int]
Window = tuple[int, int, int, int]
Sizes = tuple[float, float]

WINDOW_PER_OBJECT = 4
SMALLEST_WINDOW = 64
GRID_PER_WINDOW = 8
SAME_SPACING = 1.01
# What a click alone is looked at in first (server/segmentation/extent.ts), in finer pixels.
CLICK_EXTENT = 64
MEAN = np.array([0.485, 0.456, 0.406], np.float32)[:, None, None]
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)[:, None, None]


def rounded(value: float) -> int:
    """As JavaScript rounds: halves go up."""
    return int(np.floor(value + 0.5))


def pixel_sizes(row: float, column: float) -> Sizes:
    """@param row, column spacings @returns [row, column] sides of a pixel in units of the finer; at least one is 1"""
    ratio = row / column
    return (1.0, 1.0) if 1 / SAME_SPACING < ratio < SAME_SPACING else (max(1.0, ratio), max(1.0, 1 / ratio))


def box_of(mask: np.ndarray) -> Box | None:
    """Half-open [u0, v0, u1, v1] of the set pixels, or None."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return None if len(rows) == 0 else (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def box_of_click(click: np.ndarray, shape: tuple[int, int], pixel: Sizes) -> Box:
    """What is taken for the object where somebody only clicked. @param click (u, v), corner coordinates of the plane"""
    reach = CLICK_EXTENT / 2 / np.array([pixel[1], pixel[0]])
    low, high = np.maximum(0, np.floor(click - reach)), np.minimum(shape[::-1], np.ceil(click + reach))
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def window_size(extent: float) -> int:
    """64, 96, 128, 192, 256 ...: the first that is four times the extent, in finer pixels."""
    size = SMALLEST_WINDOW
    while size < extent * WINDOW_PER_OBJECT:
        size = size // 3 * 4 if size % 3 == 0 else size // 2 * 3
    return size


def extent_of(box: Box, pixel: Sizes) -> float:
    """The longer side of a box, in finer pixels."""
    return max((box[2] - box[0]) * pixel[1], (box[3] - box[1]) * pixel[0])


def window_around(box: Box, side: int, shape: tuple[int, int], pixel: Sizes) -> Window:
    """@param shape rows and columns of the plane @returns (u0, v0, width, height), square in space"""
    rows, columns = shape
    plane_side = max(columns * pixel[1], rows * pixel[0])
    if side >= plane_side:
        return 0, 0, int(np.ceil(plane_side / pixel[1])), int(np.ceil(plane_side / pixel[0]))
    width, height = max(1, rounded(side / pixel[1])), max(1, rounded(side / pixel[0]))
    return place((box[0] + box[2]) / 2, width, columns), place((box[1] + box[3]) / 2, height, rows), width, height


def place(middle: float, size: int, side: int) -> int:
    if size >= side:
        return 0
    grid = size / GRID_PER_WINDOW
    return min(side - size, max(0, rounded(rounded((middle - size / 2) / grid) * grid)))


def follow(window: Window, box: Box | None, side: int, shape: tuple[int, int], pixel: Sizes) -> Window:
    """The window stays while the object is in its middle half, or is not seen. @param side as it was chosen, in finer pixels"""
    if box is None:
        return window
    u0, v0, width, height = window
    inside = box[0] >= u0 + width / 4 and box[1] >= v0 + height / 4 and box[2] <= u0 + 3 * width / 4 and box[3] <= v0 + 3 * height / 4
    return window if inside else window_around(box, side, shape, pixel)


def part(plane: np.ndarray, window: Window) -> np.ndarray:
    """What a window covers of a plane."""
    u0, v0, width, height = window
    return plane[v0:v0 + height, u0:u0 + width]


def linear(count: int, size: int) -> np.ndarray:
    """Bilinear resampling along one side as a matrix [size, count]: widened where it makes
    smaller, so that it averages; what reaches over the edge is left out."""
    step = count / size
    wide = max(1.0, step)
    centres = (np.arange(size) + 0.5) * step
    weights = np.maximum(0, 1 - np.abs(np.arange(count) + 0.5 - centres[:, None]) / wide)
    return weights / weights.sum(1, keepdims=True)


@lru_cache(maxsize=512)
def resampling(count: int, square: int, size: int) -> np.ndarray:
    """Onto square pixels first, as the server's view is, then onto the network's side."""
    first = linear(count, square) if square != count else np.eye(count)
    return (linear(square, size) @ first).astype(np.float32)


def seen(plane: np.ndarray, side: int, pixel: Sizes) -> np.ndarray:
    """@param plane [rows, columns] of a window @returns float32 [side, side]"""
    rows, columns = (resampling(count, max(1, rounded(count * size)), side) for count, size in zip(plane.shape, pixel))
    return rows @ plane @ columns.T


def seen_mask(mask: np.ndarray, side: int) -> np.ndarray:
    """bool [rows, columns] of a window -> bool [side, side]; what is thinner than a pixel is kept where it covers any"""
    if not mask.any():
        return np.zeros((side, side), bool)
    rows, columns = (resampling(count, count, side) for count in mask.shape)
    covered = rows @ mask.astype(np.float32) @ columns.T
    found = covered >= 0.5
    return found if found.any() else covered > 0


def seen_labels(labels: np.ndarray, side: int) -> np.ndarray:
    """The label at the middle of every pixel. @returns uint16 [side, side]"""
    rows, columns = (((np.arange(side) + 0.5) * count / side).astype(int) for count in labels.shape)
    return labels[rows[:, None], columns[None]]


def normalised(levels: np.ndarray) -> np.ndarray:
    """@param levels [n, side, side] 0..1 @returns float32 [n, 3, side, side], the network's input"""
    return (levels[:, None] - MEAN) / DEVIATION
