"""Scenes to learn from, made while it learns. Each row of a batch has scenes of its own, and each scene gives many clips, so that neighbours in
a batch differ; what a step shows comes from (seed, step, row) alone."""
import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor

from scenes.clips import SIGMAS, Clip, View, clip_of, first_look
from scenes.prompts import chosen
from scenes.scene import scene
from scenes.window import normalised
from settings import Settings

CLIPS_OF_SCENE = 32
SCENES_OF_SEED = 2**24
TRIES, OTHER_SCENES = 12, 8
# How far from the middle a crop may lie, as a part of what the crop leaves out.
OFF_MIDDLE = 0.35


class SceneSource:
    """@param side of the network's input @param rows of a batch that are this process's, of `of` in all"""

    def __init__(self, settings: Settings, side: int, rows: range, of: int) -> None:
        self.settings, self.side = settings, side
        self.rows = [Row(settings.seed, row, of, settings.cut or side) for row in rows]

    def batch(self, rng: Generator, step: int) -> tuple[Tensor, Tensor]:
        planes, shown = self.planes_of(step), []
        for row in self.rows:
            for nth in range(self.settings.stills if planes == 1 else 1):
                looked, changed = (np.random.default_rng([self.settings.seed, purpose, row.place, step, *([nth] if nth > 0 else [])]) for purpose in (13, 12))
                shown.append(self.cropped(changed, row.clip(looked, step, planes, self.settings)))
        return torch.from_numpy(np.concatenate([inputs for inputs, _ in shown])), torch.from_numpy(np.stack([masks for _, masks in shown]))

    def planes_of(self, step: int) -> int:
        """The same for all rows: single planes at times, else the clip's length, at times twice that."""
        draw = np.random.default_rng([self.settings.seed, 11, step]).random()
        if self.settings.clip <= 1 or draw < self.settings.still_part:
            return 1
        return self.settings.clip * (2 if draw > 1 - self.settings.long_part else 1)

    def cropped(self, rng: Generator, clip: Clip) -> tuple[np.ndarray, np.ndarray]:
        """@returns inputs float32 [n, 3, S, S] and masks bool [n, S, S], turned and mirrored"""
        spare = clip.levels.shape[-1] - self.side
        top, left = crop_place(rng, clip.masks[0], self.side) if spare > 0 else (0, 0)
        levels, masks = (one[:, top : top + self.side, left : left + self.side] for one in (clip.levels, clip.masks))
        if not masks[0].any():
            raise AssertionError("a crop lost the object it was placed by")
        turn, mirror = int(rng.integers(4)), rng.random() < 0.5
        gain, shift = rng.uniform(0.8, 1.2), rng.uniform(-0.08, 0.08)
        levels = np.clip((levels - 0.5) * np.float32(gain) + np.float32(0.5 + shift), 0, 1)
        levels, masks = (np.rot90(one[:, :, ::-1] if mirror else one, turn, (1, 2)) for one in (levels, masks))
        return normalised(np.ascontiguousarray(levels)), np.ascontiguousarray(masks)


class Row:
    """@param place among all rows, of `of` @param side of what is cut"""

    def __init__(self, seed: int, place: int, of: int, side: int) -> None:
        self.seed, self.place, self.of, self.side = seed, place, of, side
        self.turn, self.view = -1, None

    def clip(self, rng: Generator, step: int, planes: int, settings: Settings) -> Clip:
        # Rows change scenes at different steps.
        turn = (step + self.place * CLIPS_OF_SCENE // self.of) // CLIPS_OF_SCENE
        for other in range(OTHER_SCENES):
            if (turn, other) != self.turn:
                self.turn, self.view = (turn, other), self.made(turn, other)
            for _ in range(TRIES if self.weights else 0):
                one = chosen(rng, self.weights)
                if planes == 1 and rng.random() < settings.first_looks:
                    clip = first_look(self.view, rng, one, self.side)
                else:
                    to_end = planes > 1 and settings.ends_part > 0 and rng.random() < settings.ends_part
                    clip = clip_of(self.view, rng, one, self.side, (planes, planes), to_end=to_end)
                if clip is not None and len(clip.masks) == planes and clip.masks[0].any() and not clip.lost[0]:
                    return clip
        raise AssertionError(f"{OTHER_SCENES} scenes without an object that can be followed through {planes} planes")

    def made(self, turn: int, other: int) -> View:
        nth = (turn * OTHER_SCENES + other) * self.of + self.place
        made = scene(self.seed * SCENES_OF_SEED + nth)
        sizes = np.bincount(made.labels.reshape(-1))
        view = View(made, sigma=chosen(np.random.default_rng([self.seed, 14, nth]), SIGMAS))
        self.weights = {one: float(np.sqrt(sizes[one])) for one in view.boxes}
        return view


def crop_place(rng: Generator, mask: np.ndarray, side: int) -> tuple[int, int]:
    """Top and left of a crop with the mask's middle in it, not far from its own."""
    found = []
    for ends in (np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))):
        middle = (int(ends[0]) + int(ends[-1]) + 1) / 2
        off = rng.uniform(-1, 1) * OFF_MIDDLE * (side / 2)
        found.append(int(np.clip(round(middle - side / 2 + off), 0, mask.shape[0] - side)))
    top, left = found
    if not mask[top : top + side, left : left + side].any():
        # A hollow object: put one of its pixels into the middle.
        rows, columns = np.nonzero(mask)
        top, left = (int(np.clip(at - side // 2, 0, mask.shape[0] - side)) for at in (rows[0], columns[0]))
    return top, left
