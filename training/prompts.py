"""What a person might say of an object, drawn from its mask (arXiv 2408.00714, appendix D.2.2). Masks are bool [S, S] at the input's size; points
are model pixels as indices (a pixel's centre is whole), [x, y]."""
import numpy as np
from numpy.random import Generator

# Points [n, 2] and labels [n].
Prompt = tuple[np.ndarray, np.ndarray]

TOP_LEFT, BOTTOM_RIGHT, PADDING = 2, 3, -1
BOX_NOISE, MOST_BOX_NOISE = 0.1, 20
FROM_TRUTH = 0.1


def box_points(mask: np.ndarray) -> np.ndarray:
    """The box around a mask as its two corners."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return np.array([[columns[0], rows[0]], [columns[-1] + 1, rows[-1] + 1]], np.float32) - 0.5


def noisy_box(rng: Generator, mask: np.ndarray) -> np.ndarray:
    """Each side off by up to a tenth of the box, at most 20 pixels, inside the picture."""
    corners = box_points(mask) + 0.5
    reach = np.minimum((corners[1] - corners[0]) * BOX_NOISE, MOST_BOX_NOISE)
    moved = np.clip(corners + rng.uniform(-1, 1, (2, 2)) * reach, 0, mask.shape[-1])
    # A thin box must not turn inside out.
    return (np.where(moved[1] - moved[0] >= 1, moved, corners) - 0.5).astype(np.float32)


def any_pixel(rng: Generator, mask: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(mask)
    at = rng.integers(len(rows))
    return np.array([columns[at], rows[at]], np.float32)


def middle_pixel(mask: np.ndarray) -> np.ndarray:
    """The set pixel farthest from the outside, counted in pixels of a city; the first of equals."""
    depth, left = np.zeros(mask.shape, np.int32), np.pad(mask, 1)
    while left.any():
        depth += left[1:-1, 1:-1]
        core = left[1:-1, 1:-1] & left[:-2, 1:-1] & left[2:, 1:-1] & left[1:-1, :-2] & left[1:-1, 2:]
        left = np.pad(core, 1)
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return np.array([column, row], np.float32)


def first_prompt(rng: Generator, mask: np.ndarray, box_part: float) -> Prompt:
    """A noisy box or one click. @returns points [n, 2], labels [n]"""
    if rng.random() < box_part:
        return noisy_box(rng, mask), np.array([TOP_LEFT, BOTTOM_RIGHT])
    return any_pixel(rng, mask)[None], np.array([1])


def correction(rng: Generator, mask: np.ndarray, found: np.ndarray) -> tuple[np.ndarray, int]:
    """A click where the answer is wrong, anywhere in that region; one in ten in the object itself. @returns point [2], label"""
    wrong = mask != found
    if not wrong.any() or rng.random() < FROM_TRUTH:
        return (any_pixel(rng, mask), 1) if mask.any() else (any_pixel(rng, ~mask), 0)
    at = any_pixel(rng, wrong)
    return at, int(mask[int(at[1]), int(at[0])])


def together(prompts: list[Prompt]) -> Prompt:
    """Prompts of several objects as arrays of one length, the shorter ones padded. @returns points [B, P, 2] float32, labels [B, P] int32"""
    longest = max(len(labels) for _, labels in prompts)
    points, labels = np.zeros((len(prompts), longest, 2), np.float32), np.full((len(prompts), longest), PADDING, np.int32)
    for at, (where, what) in enumerate(prompts):
        points[at, : len(what)], labels[at, : len(what)] = where, what
    return points, labels
