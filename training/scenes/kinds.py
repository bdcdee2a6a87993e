"""The kinds of scene, and which are kept for validation."""
from dataclasses import dataclass

from . import kinds_cells as cells
from . import kinds_packed as packed
from . import kinds_particles as particles
from . import kinds_threads as threads


@dataclass(frozen=True)
class Kind:
    fill: object  # (canvas, draw): puts the objects
    diameter: tuple  # of the objects' longest, in finest voxel sides, low and high
    seen_by: dict  # weights of modalities
    parts: str = "new"  # of a label that falls apart: "keep" as one object, or make them "new" ones
    held: bool = False  # for validation alone
    plain: bool = False  # what surrounds is mostly even
    distractors: float = 1.0
    weight: float = 1.0


BY_RAYS, BY_LIGHT, BY_ELECTRONS = {"ct": 6, "em": 3, "bright-field": 1}, {"confocal": 7, "bright-field": 2, "em": 1}, {"em": 7, "ct": 2, "confocal": 1}

KINDS = {
    "platelets": Kind(particles.platelets, (20, 64), {"ct": 8, "em": 2, "bright-field": 1}, weight=2.5),
    "stacks": Kind(particles.stacks, (20, 56), {"ct": 8, "em": 2}, weight=2.5),
    "flocs": Kind(particles.flocs, (18, 48), {"ct": 8, "em": 2, "bright-field": 1}, weight=2.0),
    "grains": Kind(particles.grains, (14, 56), BY_RAYS),
    "mosaic": Kind(packed.mosaic, (20, 60), {"ct": 4, "em": 4, "bright-field": 1}, distractors=0.3, weight=0.8),
    "sponge": Kind(cells.sponge, (20, 56), BY_RAYS, weight=0.7),
    "pores": Kind(particles.pores, (14, 56), BY_RAYS),
    "beads": Kind(particles.beads, (8, 44), {"ct": 3, "em": 4, "bright-field": 2, "confocal": 2}, plain=True),
    "nuclei": Kind(cells.nuclei, (10, 48), {"confocal": 8, "bright-field": 1, "em": 1}, plain=True, weight=2.0),
    "cells": Kind(packed.cells, (22, 64), BY_LIGHT, distractors=0.3, weight=1.4),
    "neurites": Kind(packed.neurites, (20, 60), {"em": 1}, distractors=0.2),
    "vesicles": Kind(cells.vesicles, (10, 44), BY_ELECTRONS),
    "mitochondria": Kind(cells.mitochondria, (24, 64), BY_ELECTRONS),
    "lumps": Kind(cells.lumps, (18, 60), {"ct": 3, "em": 3, "bright-field": 2, "confocal": 3}),
    "fibres": Kind(threads.fibres, (24, 60), {"ct": 4, "em": 2, "confocal": 4, "bright-field": 1}, parts="keep"),
    "tubes": Kind(threads.tubes, (24, 60), {"ct": 4, "em": 2, "confocal": 4}, parts="keep"),
    "concave": Kind(threads.concave, (22, 60), {"ct": 3, "em": 2, "bright-field": 2, "confocal": 2}, parts="keep"),
    "membranes": Kind(threads.membranes, (36, 80), BY_ELECTRONS, parts="keep"),
    "crystals": Kind(particles.crystals, (14, 56), BY_RAYS, held=True),
    "foam": Kind(packed.foam, (16, 52), {"ct": 6, "bright-field": 2}, held=True, distractors=0.2),
    "rods": Kind(threads.rods, (12, 48), {"confocal": 4, "em": 3, "bright-field": 3}, held=True),
    "spindles": Kind(threads.spindles, (24, 48), {"confocal": 4, "em": 2, "ct": 2}, held=True),
}
