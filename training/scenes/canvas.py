"""Where a scene's objects are put: labels, and matter (0 the surroundings, 1 a full contrast). Places are (z, y, x) in units of the finest
voxel side, whatever the sampling."""
from dataclasses import dataclass

import numpy as np

from .fields import smooth

FAR = np.float32(1e6)
# Room around a piece for its soft edge.
MARGIN = 1.5


@dataclass(frozen=True)
class Piece:
    """A part of a body: `distance(dz, dy, dx)` from its centre, open grids float32, is negative inside and about a length near the surface.
    It fits within `reach` on each side of the centre."""

    centre: tuple
    reach: tuple
    distance: object


@dataclass(frozen=True)
class Look:
    """Matter of a body. Rims lie inside the surface."""

    level: float = 1.0
    rim: float = 0.0  # added within rim_width of the surface
    rim_width: float = 2.0
    fine: float = 0.0  # strength of texture of one or two voxels
    coarse: float = 0.0  # and of about a quarter of the objects
    stripes: float = 0.0  # as of cristae, along the gradient of the coarse texture
    soft: float = 1.0  # width of the edge


class Canvas:
    def __init__(self, draw, size, ratio, scale):
        """@param ratio voxel sides in units of the finest @param scale about the objects' longest diameter"""
        self.draw, self.size, self.ratio, self.scale = draw, size, ratio, scale
        self.extent = tuple(side * step for side, step in zip(size, ratio))
        self.labels = np.zeros(size, np.uint16)
        self.matter = np.zeros(size, np.float32)
        self.fine = smooth(draw, size, [1.6 / step for step in ratio])
        self.coarse = smooth(draw, size, [max(3.0, scale / 6) / step for step in ratio])
        self.swell = smooth(draw, size, [max(3.0, scale / 2.5) / step for step in ratio])
        self.scratch = np.full(size, FAR, np.float32)
        self.count = 0
        self.volume = self.extent[0] * self.extent[1] * self.extent[2]

    def somewhere(self, beyond=0.0):
        """Any place, up to so far outside."""
        return tuple(self.draw.uniform(-beyond, side + beyond) for side in self.extent)

    def grid(self):
        """Places of all voxels as open grids."""
        return self.places(tuple((0, side) for side in self.size), (0, 0, 0))

    def places(self, box, centre):
        grids = []
        for axis, (start, end) in enumerate(box):
            shape = [1, 1, 1]
            shape[axis] = -1
            grids.append(((np.arange(start, end) + 0.5) * self.ratio[axis] - centre[axis]).astype(np.float32).reshape(shape))
        return grids

    def box(self, piece):
        """@returns (start, end) of voxels along each axis, or None outside"""
        box = []
        for centre, reach, step, side in zip(piece.centre, piece.reach, self.ratio, self.size):
            start = max(0, int(np.floor((centre - reach - MARGIN) / step)))
            end = min(side, int(np.ceil((centre + reach + MARGIN) / step)))
            if start >= end:
                return None
            box.append((start, end))
        return tuple(box)

    def put(self, pieces, look, overlap=0.05, least=12, labelled=True):
        """
        Puts a body, a union of pieces, where nothing else is. What it would cover of others stays theirs.
        @param overlap greatest part that others may have taken, else nothing is put
        @param labelled False for what is seen but is no object
        @returns its label, or 0
        """
        boxes = []
        for piece in pieces:
            box = self.box(piece)
            if box is not None:
                at = tuple(slice(*one) for one in box)
                boxes.append((at, self.places(box, piece.centre), piece.distance))
        inside = taken = 0
        for at, places, distance in boxes:
            seen = self.scratch[at]
            np.minimum(seen, distance(*places), out=seen)
            within = seen <= 0
            inside += int(np.count_nonzero(within))
            taken += int(np.count_nonzero(within & (self.labels[at] != 0)))
        fits = inside - taken >= least and taken <= overlap * inside
        label = self.count + 1 if fits and labelled else 0
        self.count += 1 if label else 0
        for at, _, _ in boxes:
            if fits:
                self.paint(at, look, label)
            self.scratch[at] = FAR
        return label

    def paint(self, at, look, label):
        depth, labels = self.scratch[at], self.labels[at]
        free = labels == 0
        cover = np.clip(np.float32(0.5) - depth * np.float32(1 / look.soft), 0, 1)
        cover *= free
        change = self.looks(at, look, depth)
        change -= self.matter[at]
        change *= cover
        self.matter[at] += change
        if label:
            labels[free & (depth <= 0)] = label

    def looks(self, at, look, depth):
        value = np.full(depth.shape, look.level, np.float32)
        if look.rim != 0:
            value += np.float32(look.rim) * np.clip((depth + np.float32(look.rim_width)) / np.float32(look.soft) + np.float32(0.5), 0, 1)
        if look.fine != 0:
            value += np.float32(look.fine) * self.fine[at]
        if look.coarse != 0:
            value += np.float32(look.coarse) * self.coarse[at]
        if look.stripes != 0:
            phase = self.coarse[at] * np.float32(2.5)
            value += np.float32(look.stripes) * (np.abs(phase - np.floor(phase) - np.float32(0.5)) * np.float32(4) - np.float32(1))
        return value
