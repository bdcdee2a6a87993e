"""
Prompts as people give them, drawn from masks as the network sees them. Points are [x, y] float32 in model pixels as indices (a pixel's centre
is whole), with SAM 2's labels; masks are bool [S, S].
"""
import numpy as np

from .parts import parts_of

NEGATIVE, POSITIVE, TOP_LEFT, BOTTOM_RIGHT = 0, 1, 2, 3
# How far a side lies outward, as a part of the box, and how often: tight, as most are drawn, careless.
LOOSENESS = {0.02: 5, 0.1: 11, 0.3: 4}
HAND_PIXELS = 1.5
INWARD = 0.3
# Smaller on a plane, an object is no fair question: nobody could point at it.
LEAST_PIXELS = 16
PLANES = {"fourth": 4, "largest": 3, "any": 3}


def chosen(rng, weights):
    """A name, by its weight."""
    names = list(weights)
    total = np.cumsum(list(weights.values()))
    return names[int(np.searchsorted(total, rng.random() * total[-1], side="right"))]


def prompted_plane(rng, areas, way):
    """
    The plane to prompt: the object's fourth in the way one goes, since people scroll on until it is plain to see; its largest; or any that
    shows enough. None where none does. @param areas (plane, pixels) of the object in order @param way 1 or -1
    """
    good = [plane for plane, area in areas if area >= LEAST_PIXELS]
    if not good:
        return None
    how = chosen(rng, PLANES)
    if how == "largest":
        return max(areas, key=lambda one: one[1])[0]
    if how == "any":
        return good[int(rng.integers(len(good)))]
    ordered = good if way > 0 else good[::-1]
    return ordered[min(3, len(ordered) - 1)]


def late_plane(rng, areas, way, most):
    """A plane to prompt after which fewer than `most` planes in the way one goes show the object. None where none shows enough of it."""
    ordered = areas if way > 0 else areas[::-1]
    good = [plane for plane, area in ordered[1 - most:] if area >= LEAST_PIXELS]
    return good[int(rng.integers(len(good)))] if good else None


def loose_box(rng, mask):
    """
    A box drawn by hand: each side off on its own, more often outward than inward, by a looseness of this person at this moment and by
    the hand's own tremble. Inside the picture, with something of the object left in it. @returns points [2, 2], labels [2]
    """
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    tight = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], float)
    size = np.array([tight[2] - tight[0], tight[3] - tight[1]] * 2)
    looseness = chosen(rng, LOOSENESS)
    outward = np.abs(rng.normal(0, 1, 4)) * looseness * size
    # A careless hand does not cut deep.
    inward = np.minimum(np.abs(rng.normal(0, 1, 4)) * min(looseness, 0.08) * size, size / 4)
    off = np.where(rng.random(4) < INWARD, -inward, outward) + rng.uniform(-HAND_PIXELS, HAND_PIXELS, 4)
    drawn = np.clip(tight + off * [-1, -1, 1, 1], 0, [mask.shape[1], mask.shape[0]] * 2)
    for pair in ([0, 2], [1, 3]):
        # A thin box must not turn inside out.
        if drawn[pair[1]] - drawn[pair[0]] < 2:
            drawn[pair] = tight[pair]
    return (drawn.reshape(2, 2) - 0.5).astype(np.float32), np.array([TOP_LEFT, BOTTOM_RIGHT])


def depths(mask):
    """How many times a mask can be peeled, for each pixel; 0 outside. The picture's border does not peel."""
    depth, left = np.zeros(mask.shape, np.int32), mask
    while left.any():
        depth += left
        padded = np.pad(left, 1, mode="edge")
        left = left & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
        if left.all():
            break
    return depth


def pixel_of(rng, mask, weights=None):
    """[x, y] of a set pixel."""
    rows, columns = np.nonzero(mask)
    if weights is None:
        at = int(rng.integers(len(rows)))
    else:
        total = np.cumsum(weights[rows, columns].astype(float))
        at = min(len(rows) - 1, int(np.searchsorted(total, rng.random() * total[-1], side="right")))
    return np.array([columns[at], rows[at]], np.float32)


def off_centre_click(rng, mask):
    """One click in the object: anywhere, though people mind the border; a third of the time near the middle. @returns points [1, 2], labels [1]"""
    depth = depths(mask)
    near_middle = depth * 2 > depth.max()
    return pixel_of(rng, near_middle if rng.random() < 1 / 3 else mask, np.minimum(depth, 3))[None], np.array([POSITIVE])


def first_prompt(rng, mask, box_part=0.6):
    """@param mask of the prompted plane, not empty @returns points [n, 2], labels [n]"""
    return loose_box(rng, mask) if rng.random() < box_part else off_centre_click(rng, mask)


def correction(rng, mask, found):
    """
    A click on what is wrong: mostly in the largest wrong region, away from its border, as one who looks at the outline does; sometimes anywhere
    wrong. Where nothing is wrong, a click that says what is so. @param found the network's answer @returns point [2], label
    """
    wrong = mask != found
    if not wrong.any():
        return (pixel_of(rng, mask), POSITIVE) if mask.any() else (pixel_of(rng, ~mask), NEGATIVE)
    region = largest_region(mask, found) if rng.random() < 0.75 else wrong
    depth = depths(region)
    at = pixel_of(rng, region, depth * depth)
    return at, POSITIVE if mask[int(at[1]), int(at[0])] else NEGATIVE


def largest_region(mask, found):
    """What was missed and what was found wrongly are regions apart."""
    kinds = np.where(mask & ~found, 1, np.where(found & ~mask, 2, 0)).astype(np.uint16)[None]
    runs = parts_of(kinds)
    largest = np.bincount(runs.part, runs.end - runs.start).argmax()
    region = np.zeros(mask.shape, bool)
    for row, start, end in zip(*(values[runs.part == largest].tolist() for values in (runs.row, runs.start, runs.end))):
        region[row, start:end] = True
    return region


def neighbour_clicks(rng, mask, labels, one, most=2):
    """
    Negative clicks on other objects, the nearer the likelier. @param labels uint16 [S, S] what is there @param one the object's own label
    @returns points [n, 2], labels [n], none where the object is alone
    """
    others = np.setdiff1d(np.unique(labels), [0, one])
    if len(others) == 0 or not mask.any():
        return np.zeros((0, 2), np.float32), np.zeros(0, int)
    rows, columns = np.nonzero(mask)
    middle = np.array([rows.mean(), columns.mean()])
    points = []
    distances = []
    for other in others:
        at = np.argwhere((labels == other) & ~mask)
        distances.append(np.inf if len(at) == 0 else np.sqrt(((at - middle) ** 2).sum(1).min()))
    weights = 1 / (np.array(distances) + 4)
    for _ in range(min(most, int(np.isfinite(distances).sum()))):
        pick = int(np.searchsorted(np.cumsum(weights), rng.random() * weights.sum(), side="right"))
        pick = min(pick, len(others) - 1)
        region = (labels == others[pick]) & ~mask
        if weights[pick] > 0 and region.any():
            points.append(pixel_of(rng, region, depths(region)))
        weights[pick] = 0
        if weights.sum() == 0:
            break
    return np.array(points, np.float32).reshape(-1, 2), np.full(len(points), NEGATIVE)
