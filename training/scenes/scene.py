"""
A seeded scene. Seeds and kinds are split by construction:
- seeds below VALIDATION_SEEDS make training scenes, of the kinds that are not held;
- seeds from there on make validation scenes, of any kind. The split enters the generator, so no seed's scene is in both.
"""
from dataclasses import dataclass

import numpy as np

from .canvas import Canvas
from .draw import Draw
from .kinds import KINDS
from .looks import distract, surround
from .modalities import MODALITIES
from .parts import tidied
from .steps import lost, shifted, shifts_of

# Raised when the same seed gives other scenes.
VERSION = 1
VALIDATION_SEEDS = 2**40
SIZE = (56, 192, 192)
LEAST_VOXELS = 8
DTYPES = {"uint8": 5, "uint16": 4, "float32": 1}


@dataclass(frozen=True)
class Scene:
    grey: np.ndarray  # uint8, uint16 or float32 [z, y, x]
    labels: np.ndarray  # uint16 [z, y, x], 1 ... n
    spacing: tuple  # voxel sides (z, y, x), um
    kind: str
    facts: dict  # what was drawn: seed, split, modality, polarity, lost planes, labels that have several parts ...


def is_validation(seed):
    return seed >= VALIDATION_SEEDS


def kinds_for(seed):
    """Names of the kinds that a seed may make."""
    return [name for name, kind in KINDS.items() if is_validation(seed) or not kind.held]


def scene(seed, kind=None, size=SIZE):
    """
    @param seed 0 ... 2^63 - 1
    @param kind a name of KINDS; drawn where None
    @param size (z, y, x) voxels, each at least 8
    @raises ValueError for a held kind with a training seed, and for what is out of range
    """
    if not 0 <= seed < 2**63 or min(size) < 8:
        raise ValueError(f"seed {seed} or size {size} is out of range")
    allowed = kinds_for(seed)
    if kind is not None and kind not in allowed:
        raise ValueError(f"{kind!r} is none of {', '.join(allowed)}" + (", or kept for validation seeds" if kind in KINDS else ""))
    draw = Draw(VERSION, int(is_validation(seed)), seed, *size, *(kind or "").encode())
    kind = kind or draw.weighted({name: KINDS[name].weight for name in allowed})
    made = KINDS[kind]
    canvas = Canvas(draw, size, ratio_of(draw, kind), draw.root(*made.diameter))
    surround(canvas, draw, made.plain)
    made.fill(canvas, draw)
    distract(canvas, draw, made.distractors)
    labels, several = tidied(canvas.labels, made.parts, LEAST_VOXELS)
    split = "validation" if is_validation(seed) else "training"
    facts = {"seed": seed, "split": split, "modality": draw.weighted(made.seen_by), "diameter": canvas.scale, "several": several}
    grey, labels = taken(canvas, draw, labels, facts)
    side = draw.root(0.02, 2)
    return Scene(grey, labels, tuple(side * step for step in canvas.ratio), kind, facts)


def ratio_of(draw, kind):
    """Voxel sides: equal, coarser along z, or seldom coarser along y."""
    how = draw.weighted({"equal": 11, "deep": 8, "wide": 1}) if kind != "neurites" else "deep"
    if how == "equal":
        return 1.0, 1.0, 1.0
    return (draw.root(1.2, 5), 1.0, 1.0) if how == "deep" else (1.0, draw.uniform(1.2, 2), 1.0)


def taken(canvas, draw, labels, facts):
    """Renders, with what goes wrong with single planes; labels move with the planes. @returns grey in its type, labels"""
    grey = MODALITIES[facts["modality"]](canvas.matter, draw, canvas, facts)
    if draw.chance(0.12 if facts["modality"] != "em" else 0.3):
        facts["shifted"] = draw.whole(1, 3)
        shifts = shifts_of(draw, len(grey), facts["shifted"])
        grey, labels = shifted(grey, shifts), shifted(labels, shifts)
        count = np.bincount(labels.reshape(-1))
        labels[(count < LEAST_VOXELS)[labels]] = 0
    facts["lost"] = []
    if draw.chance(0.1):
        facts["lost"] = sorted({draw.whole(1, len(grey) - 2) for _ in range(draw.whole(1, 3))})
        grey = lost(grey, draw, facts["lost"], draw.uniform(0.2, 0.7))
    return stored(grey, draw), labels


def stored(grey, draw):
    """As files hold it: some of the range unused, some cut off, sometimes with a gamma of a half."""
    if draw.chance(0.08):
        grey = np.sqrt(np.clip(grey, 0, 1))
    dtype = draw.weighted(DTYPES)
    if dtype == "float32":
        return grey * np.float32(draw.pick([1.0, 1.0, 1000.0, 0.001])) + np.float32(draw.pick([0.0, 0.0, -0.5]))
    most = np.iinfo(dtype).max
    if dtype == "uint8":
        offset, gain = draw.uniform(0, 0.12) * most, draw.uniform(0.75, 1.05) * most
    else:
        offset, gain = draw.pick([0, 100, 1000]), draw.root(0.01, 1) * most
    # Halves up, whatever the processor's mode.
    return np.clip(np.floor(grey * np.float32(gain) + np.float32(offset + 0.5)), 0, most).astype(dtype)
