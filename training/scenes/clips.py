"""
Clips: planes of a scene one after another through a window that follows an object, as the server cuts them while it propagates.
A scene is rendered once and gives many.
"""
import itertools
from dataclasses import dataclass

import numpy as np

from .fields import blurred
from .prompts import chosen, late_plane, off_centre_click, prompted_plane
from .scene import VALIDATION_SEEDS, scene
from .window import box_of, box_of_click, extent_of, follow, normalised, part, pixel_sizes, seen, seen_labels, seen_mask, window_around, window_size

# The server's rule: server/segmentation/freeze-view.ts.
SAMPLED_PLANES, LOW, HIGH = 9, 0.005, 0.995
AXES = {"z": 6, "y": 2, "x": 2}
SIGMAS = {1.0: 7, 0.0: 1, 0.6: 1, 1.5: 1}


@dataclass(frozen=True)
class Clip:
    """n planes, the prompted one first."""

    levels: np.ndarray  # float32 [n, S, S], 0..1 within the view's range
    masks: np.ndarray  # bool [n, S, S], empty where the object has ended or is not met
    labels: np.ndarray  # uint16 [n, S, S]: what else is there
    id: int
    kind: str
    axis: str
    way: int  # 1 or -1
    planes: tuple  # indices along the axis
    windows: tuple  # (u0, v0, width, height) of each plane
    lost: np.ndarray  # bool [n]: nothing can be seen on these planes, though the object is there

    @property
    def inputs(self):
        """float32 [n, 3, S, S], normalised as the network reads it"""
        return normalised(self.levels)


def view_range(grey):
    """0.5 to 99.5 % of at most nine spread planes, sorted whole."""
    count = min(SAMPLED_PLANES, len(grey))
    planes = np.sort(np.concatenate([grey[int((at + 0.5) * len(grey) / count)].reshape(-1) for at in range(count)]))
    low, high = (float(planes[min(len(planes) - 1, int(at * len(planes)))]) for at in (LOW, HIGH))
    return (low, high) if low < high else (low, low + 1)


class View:
    """A scene as the server shows it: denoised by a Gaussian isotropic in space, its range spread over 0..1."""

    def __init__(self, made, sigma=1.0, value_range=None):
        self.scene = made
        low, high = value_range or view_range(made.grey)
        smallest = min(made.spacing)
        grey = blurred(made.grey.astype(np.float32), [sigma * smallest / side for side in made.spacing])
        self.levels = np.clip((grey - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
        self.boxes = boxes_of(made.labels)

    def along(self, axis):
        """@returns levels and labels with the axis first, and the pixel's sides"""
        order = {"z": (0, 1, 2), "y": (1, 0, 2), "x": (2, 0, 1)}[axis]
        return self.levels.transpose(order), self.scene.labels.transpose(order), pixel_sizes(self.scene.spacing[order[1]], self.scene.spacing[order[2]]), order


def boxes_of(labels):
    """Of each label (start, end) along each axis."""
    found = {}
    for axis in range(3):
        for at, plane in enumerate(np.moveaxis(labels, axis, 0)):
            for one in np.flatnonzero(np.bincount(plane.reshape(-1))).tolist():
                if one:
                    ends = found.setdefault(one, [None] * 3)
                    ends[axis] = (at, at + 1) if ends[axis] is None else (ends[axis][0], at + 1)
    return found


def areas_of(view, axis, one):
    """(plane, pixels) where the object is, along an axis."""
    _, labels, _, order = view.along(axis)
    box = tuple(slice(*view.boxes[one][at]) for at in order)
    areas = np.count_nonzero(labels[box] == one, (1, 2))
    return [(box[0].start + at, int(area)) for at, area in enumerate(areas)]


def clip_of(view, rng, one, side, length=(8, 16), axis=None, to_end=False):
    """
    @param one the object's label
    @param side of the network's input
    @param length fewest and most planes; fewer where the volume ends first
    @param to_end begins so late that the object ends within the fewest planes
    @returns Clip, or None where the object is too small along that axis or fewer than the fewest planes follow
    """
    axis, way = axis or chosen(rng, AXES), 1 if rng.random() < 0.5 else -1
    levels, labels, pixel, _ = view.along(axis)
    areas = areas_of(view, axis, one)
    start = late_plane(rng, areas, way, length[0]) if to_end else prompted_plane(rng, areas, way)
    if start is None:
        return None
    room = len(levels) - start if way > 0 else start + 1
    if room < length[0] and not to_end:
        way, room = -way, len(levels) + 1 - room
    if room < length[0]:
        return None
    # Beyond the object's end a few planes are enough to learn that it has ended.
    ends = [abs(plane - start) + 1 for plane, area in areas if area > 0 and (plane - start) * way >= 0]
    count = min(room, int(rng.integers(length[0], length[1] + 1)), max(length[0], max(ends) + int(rng.integers(1, 5))))
    # A person's box is loose, and so is the window chosen by it.
    loose = float(rng.uniform(1.0, 1.35))
    box = box_of(labels[start] == one)
    wide = window_size(extent_of(box, pixel) * loose)
    windows = [window_around(box, wide, labels.shape[1:], pixel)]
    planes = tuple(start + way * nth for nth in range(count))
    for plane in planes[1:]:
        windows.append(follow(windows[-1], box_of(labels[plane] == one), wide, labels.shape[1:], pixel))
    return cut(view, one, side, axis, way, planes, windows)


def first_look(view, rng, one, side):
    """
    What the server looks at first where somebody only clicked: a wide window around the click, whatever the object's size
    (server/segmentation/extent.ts).
    @returns Clip of one plane, or None where the object is too small
    """
    axis = chosen(rng, AXES)
    _, labels, pixel, _ = view.along(axis)
    plane = prompted_plane(rng, areas_of(view, axis, one), 1)
    if plane is None:
        return None
    click = off_centre_click(rng, labels[plane] == one)[0][0] + 0.5
    around = box_of_click(click, labels.shape[1:], pixel)
    window = window_around(around, window_size(extent_of(around, pixel)), labels.shape[1:], pixel)
    return cut(view, one, side, axis, 1, (plane,), [window])


def cut(view, one, side, axis, way, planes, windows):
    levels, labels, pixel, _ = view.along(axis)
    shown, masks, others = [], [], []
    for plane, window in zip(planes, windows):
        ids = part(labels[plane], window)
        shown.append(seen(part(levels[plane], window), side, pixel))
        masks.append(seen_mask(ids == one, side))
        others.append(seen_labels(ids, side))
    lost = set(view.scene.facts["lost"]) if axis == "z" else set()
    cannot = np.array([plane in lost for plane in planes])
    return Clip(np.stack(shown), np.stack(masks), np.stack(others), one, view.scene.kind, axis, way, tuple(planes), tuple(windows), cannot)


def clips_of(made, rng, count, side, length=(8, 16)):
    """Up to so many clips of a scene, an object drawn for each, larger ones more often; fewer where hardly any will do. None starts on a lost plane."""
    view, found = View(made, sigma=chosen(rng, SIGMAS)), []
    sizes = np.bincount(made.labels.reshape(-1))
    weights = {one: float(np.sqrt(sizes[one])) for one in view.boxes}
    for _ in range(4 * count if weights else 0):
        clip = clip_of(view, rng, chosen(rng, weights), side, length)
        if clip is not None and clip.masks[0].any() and not clip.lost[0]:
            found.append(clip)
        if len(found) == count:
            break
    return found


def stream(side, first=0, step=1, per_scene=16, length=(8, 16), validation=False, kind=None):
    """Clips without end, scene after scene: seeds first, first + step ... Loaders of several processes take different firsts. @yields Clip"""
    for nth in itertools.count():
        seed = first + step * nth + (VALIDATION_SEEDS if validation else 0)
        rng = np.random.default_rng([seed, side, per_scene])
        yield from clips_of(scene(seed, kind), rng, per_scene, side, length)
