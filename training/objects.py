"""The objects of a set, and cuts of them as the network is shown them: single planes and clips."""
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from dataset import Item
from faults import Fault
from scenes.window import Box, Window, box_of, box_of_click, extent_of, follow, part, window_around, window_size
from views import levels, network_input, network_mask, turned

# Turn, contrast, brightness.
Change = tuple[int, float, float]

# Smaller on a plane, an object is no fair question: nobody could point at it.
LEAST_PIXELS = 16
ITEMS_IN_MEMORY = 48


@dataclass(frozen=True)
class Thing:
    """One object of one item, and its box on each plane where it has enough pixels to be pointed at."""

    item: Item
    id: int
    boxes: dict[int, Box]  # plane -> half-open [u0, v0, u1, v1]
    areas: dict[int, int]  # plane -> pixels
    planes: int  # of the item

    def largest(self) -> int:
        """The plane that shows most of it; the first of equals."""
        return max(self.areas, key=lambda plane: (self.areas[plane], -plane))

    def starts(self, length: int) -> list[tuple[int, int]]:
        """(plane, direction) from where a clip of that length can begin with the object."""
        return [(plane, way) for plane in sorted(self.boxes) for way in (1, -1) if 0 <= plane + way * (length - 1) < self.planes]


@dataclass(frozen=True)
class Clip:
    """Planes as tensors: inputs [n, 3, S, S], targets bool [n, S, S]."""

    inputs: torch.Tensor
    targets: torch.Tensor


def things_of(items: list[Item]) -> list[Thing]:
    """In the order of items and ids."""
    found = []
    for item in items:
        ids = item.ids()
        present = [int(one) for one in np.unique(ids) if one != 0]
        for one in present:
            masks = ids == one
            areas = {plane: int(count) for plane, count in enumerate(masks.sum((1, 2))) if count >= LEAST_PIXELS}
            if areas:
                boxes = {plane: box for plane in areas if (box := box_of(masks[plane])) is not None}
                found.append(Thing(item, one, boxes, areas, len(ids)))
    return found


class Cutter:
    """Cuts windows out of items as the server's view has them. @param sigma of the view @param side of the network's input"""

    def __init__(self, sigma: float, side: int, seed: int) -> None:
        self.sigma, self.side, self.seed = sigma, side, seed
        self.read = lru_cache(maxsize=ITEMS_IN_MEMORY)(self._read)

    def _read(self, item: Item) -> tuple[np.ndarray, np.ndarray]:
        pixels, ids = item.pixels(), item.ids()
        if pixels.shape != ids.shape:
            raise Fault("dataset_invalid", file=str(item.labels), why=f"its shape {list(ids.shape)} is not the image's {list(pixels.shape)}")
        return levels(pixels, item, self.sigma), ids

    def window(self, thing: Thing, plane: int) -> tuple[Window, int]:
        """@returns the window around the object on a plane, and the side it was chosen for"""
        return self.around(thing, thing.boxes[plane])

    def around(self, thing: Thing, box: Box) -> tuple[Window, int]:
        side = window_size(extent_of(box, thing.item.pixel))
        return window_around(box, side, self.shape(thing), thing.item.pixel), side

    def around_click(self, thing: Thing, click: np.ndarray) -> tuple[Window, int]:
        """@param click (u, v), corner coordinates of the plane"""
        return self.around(thing, box_of_click(click, self.shape(thing), thing.item.pixel))

    def shape(self, thing: Thing) -> tuple[int, int]:
        """Rows and columns of the item's planes."""
        return self.read(thing.item)[0].shape[1:]

    def followed(self, thing: Thing, box: Box | None, window: Window, side: int) -> Window:
        return follow(window, box, side, self.shape(thing), thing.item.pixel)

    def seen(self, thing: Thing, plane: int, window: Window) -> tuple[np.ndarray, np.ndarray]:
        """@returns level and mask of the part of the plane that the window shows"""
        level, ids = self.read(thing.item)
        return part(level[plane], window), part(ids[plane] == thing.id, window)

    def input(self, thing: Thing, plane: int, window: Window, change: Change | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """@returns input [3, S, S] and target bool [S, S]. @param change (turn, gain, shift)"""
        level, mask = self.seen(thing, plane, window)
        turn, gain, shift = change or (0, 1.0, 0.0)
        level = level if change is None else np.clip((level - 0.5) * gain + 0.5 + shift, 0, 1).astype(np.float32)
        picture, target = network_input(level, self.side, thing.item.pixel), network_mask(mask, self.side)
        return turned(picture, turn), turned(target, turn)

    def clip(self, thing: Thing, plane: int, way: int, length: int, variant: int) -> Clip:
        """The object from a plane on, through a window that follows it as the server's does. @param variant see `change`"""
        window, side = self.window(thing, plane)
        change, cuts = self.change(thing, variant), []
        for nth in range(length):
            at = plane + way * nth
            cuts.append(self.input(thing, at, window, change))
            # As the server: the next plane is looked at where this one's mask lies.
            window = self.followed(thing, box_of(self.read(thing.item)[1][at] == thing.id), window, side)
        return Clip(torch.stack([one[0] for one in cuts]), torch.stack([one[1] for one in cuts]))

    def change(self, thing: Thing, variant: int) -> Change | None:
        """Variant 0 is the plane as it is. The others turn the square and change contrast and brightness a little, the same for an item every time,
        so that features of frozen encoders are computed once."""
        if variant == 0:
            return None
        rng = np.random.default_rng([self.seed, variant, *thing.item.id.encode()])
        return variant % 8, float(rng.uniform(0.85, 1.15)), float(rng.uniform(-0.06, 0.06))
