import hashlib
import unittest
from collections import deque
from itertools import product

import numpy as np

from ..kinds import KINDS
from ..parts import parts_of, tidied
from ..scene import LEAST_VOXELS, VALIDATION_SEEDS, kinds_for, scene

SIZE = (14, 72, 80)
SEED = VALIDATION_SEEDS + 7
# Of grey, labels and spacing; they change with VERSION alone.
HASHES = {
    "platelets": "4e6e567199baf77c", "stacks": "80bf0b7468b04f4b", "flocs": "bd07386e85095aa6", "grains": "ebe7942085a84c31",
    "mosaic": "95599c2851369297", "sponge": "2c1516a7f22b561b", "pores": "ce3abb9c216b417c", "beads": "acf7492b88b63039",
    "nuclei": "9566ec7bf25c23e1", "cells": "2eebfc2b1dbcfbf8", "neurites": "9aef80111c413a2d", "vesicles": "f47c02dd1ed01f14",
    "mitochondria": "f6d7fdfdd170194b", "lumps": "49937f578f8b9321", "fibres": "1892a2cf6317955b", "tubes": "8d303c5e5c1c764a",
    "concave": "0f73f3107ed790ac", "membranes": "a3460880113212ec", "crystals": "fb9f2c5eae650f4a", "foam": "d5c9ea39300f8393",
    "rods": "88bdafd215c871b9", "spindles": "271aaeb913c8e876",
}


def digest(made):
    parts = (made.grey.astype(made.grey.dtype.newbyteorder("<")).tobytes(), made.labels.astype("<u2").tobytes(), repr(made.spacing).encode())
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def flooded(mask):
    """Parts of a mask, corners touching, voxel by voxel."""
    left, parts = set(map(tuple, np.argwhere(mask).tolist())), 0
    while left:
        parts += 1
        queue = deque([left.pop()])
        while queue:
            at = queue.popleft()
            for step in product((-1, 0, 1), repeat=3):
                near = (at[0] + step[0], at[1] + step[1], at[2] + step[2])
                if near in left:
                    left.remove(near)
                    queue.append(near)
    return parts


class Scenes(unittest.TestCase):
    def test_a_seed_gives_the_same_bytes_everywhere(self):
        found = {kind: digest(scene(SEED, kind, SIZE)) for kind in KINDS}
        self.assertEqual(found, HASHES)
        self.assertEqual(digest(scene(SEED, "tubes", SIZE)), found["tubes"])
        self.assertNotEqual(digest(scene(SEED + 1, "tubes", SIZE)), found["tubes"])
        self.assertNotEqual(digest(scene(7, "tubes", SIZE)), found["tubes"])

    def test_every_kind_has_sound_labels(self):
        for kind in KINDS:
            with self.subTest(kind):
                made = scene(VALIDATION_SEEDS + 3, kind, SIZE)
                self.assertEqual((made.grey.shape, made.labels.shape, made.labels.dtype), (SIZE, SIZE, np.uint16))
                self.assertIn(made.grey.dtype, (np.uint8, np.uint16, np.float32))
                self.assertTrue(np.isfinite(made.grey).all())
                self.assertGreater(float(made.grey.std()), 0)
                ids, count = np.unique(made.labels[made.labels > 0], return_counts=True)
                self.assertGreaterEqual(len(ids), 1)
                self.assertGreaterEqual(int(count.min()), LEAST_VOXELS)
                if "shifted" not in made.facts:
                    for one in ids[:12].tolist():
                        several = flooded(made.labels == one) > 1
                        self.assertEqual(several, one in made.facts["several"], f"label {one}")

    def test_objects_differ_from_what_is_around_them(self):
        """Seen through any instrument, most scenes' objects are on average lighter or darker than the rest by a part of its deviation."""
        differ = []
        for kind in ("platelets", "grains", "nuclei", "mitochondria", "rods"):
            for seed in range(3):
                made = scene(VALIDATION_SEEDS + seed, kind, SIZE)
                inside, outside = made.grey[made.labels > 0].astype(float), made.grey[made.labels == 0].astype(float)
                differ.append(abs(np.median(inside) - np.median(outside)) / outside.std() > 0.5)
        self.assertGreater(np.mean(differ), 0.75)

    def test_training_never_makes_what_validation_is_made_of(self):
        held = {name for name, kind in KINDS.items() if kind.held}
        self.assertGreaterEqual(len(held), 3)
        self.assertFalse(held & set(kinds_for(VALIDATION_SEEDS - 1)))
        self.assertEqual(set(kinds_for(VALIDATION_SEEDS)), set(KINDS))
        for kind in held:
            with self.assertRaisesRegex(ValueError, "kept for validation"):
                scene(5, kind, SIZE)
        self.assertTrue(all(scene(seed, size=(8, 24, 24)).kind not in held for seed in range(25)))
        with self.assertRaises(ValueError):
            scene(-1)

    def test_polarity_sampling_and_types_vary(self):
        made = [scene(seed, size=(8, 32, 32)) for seed in range(40)]
        self.assertEqual({one.facts["polarity"] for one in made}, {1.0, -1.0})
        self.assertEqual({one.grey.dtype.name for one in made}, {"uint8", "uint16", "float32"})
        self.assertEqual({one.facts["modality"] for one in made}, {"ct", "confocal", "em", "bright-field"})
        self.assertTrue(5 < sum(one.spacing[0] > one.spacing[2] for one in made) < 35)


class Parts(unittest.TestCase):
    def test_parts_touch_at_corners_and_stay_within_their_label(self):
        labels = np.zeros((2, 3, 6), np.uint16)
        labels[0, 0, 0:2] = 1
        labels[1, 1, 2] = 1  # touches the corner of the first
        labels[0, 0, 4] = 1  # apart
        labels[0, 2, 3:6] = 2
        labels[1, 1, 3] = 2
        runs = parts_of(labels)
        self.assertEqual(len(set(runs.part.tolist())), 3)
        random = np.random.default_rng(1)
        for density in (0.1, 0.3, 0.6):
            mask = random.random((5, 7, 9)) < density
            self.assertEqual(len(np.unique(parts_of(mask.astype(np.uint16)).part)), flooded(mask))

    def test_fragments_go_and_large_parts_become_objects_or_stay_one(self):
        labels = np.zeros((1, 5, 30), np.uint16)
        labels[0, 0:3, 0:10] = 4
        labels[0, 0:3, 15:20] = 4
        labels[0, 4, 25:28] = 4
        new, none = tidied(labels, "new", 8)
        self.assertEqual((np.bincount(new.ravel()).tolist()[1:], none), ([30, 15], []))
        kept, several = tidied(labels, "keep", 8)
        self.assertEqual((np.bincount(kept.ravel()).tolist()[1:], several), ([45], [1]))
        np.testing.assert_array_equal(kept > 0, new > 0)


if __name__ == "__main__":
    unittest.main()
