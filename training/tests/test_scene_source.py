import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
from dataset import read_dataset  # noqa: E402
from objects import Cutter, things_of  # noqa: E402
from scene_source import SceneSource, crop_place  # noqa: E402
from scenes.clips import Clip, view_range  # noqa: E402
from scenes.scene import VALIDATION_SEEDS, scene  # noqa: E402
from scenes.window import DEVIATION, MEAN  # noqa: E402
from scenes.write_set import write_set as write_scenes  # noqa: E402
from seeded_set import write_set  # noqa: E402
from set_source import SetSource  # noqa: E402
from settings import Settings  # noqa: E402

SETTINGS = Settings(seed=3, batch=2, clip=4, cut=64, still_part=0.3, long_part=0.2)
SIDE, SMALL = 48, (18, 72, 72)
UNUSED = np.random.default_rng(0)


def small_scene(seed, kind=None):
    return scene(seed, kind or ("nuclei", "grains", "tubes")[seed % 3], SMALL)


def source(rows, of=2, **changed):
    return SceneSource(replace(SETTINGS, **changed), SIDE, rows, of)


class Batches(unittest.TestCase):
    def setUp(self):
        self.enterContext(mock.patch("scene_source.scene", small_scene))

    def test_what_is_shown_comes_from_seed_step_and_row_alone(self):
        # Row 1 of two changes scenes at steps 16 and 48, row 0 at 32.
        steps = (3, 15, 16, 31, 32)
        on = source(range(2))
        ran_on = {step: on.batch(UNUSED, step) for step in steps}
        for step in (16, 32):
            inputs, masks = ran_on[step]
            planes = on.planes_of(step)
            self.assertEqual((tuple(inputs.shape), tuple(masks.shape)), ((2 * planes, 3, SIDE, SIDE), (2, planes, SIDE, SIDE)))
            self.assertTrue(bool(masks[:, 0].flatten(1).any(1).all()))
            self.assertFalse(bool((masks[0] == masks[1]).all()))
            resumed, alone = source(range(2)).batch(UNUSED, step), source(range(1, 2)).batch(UNUSED, step)
            for whole, again, row in zip((inputs.view(2, planes, 3, SIDE, SIDE), masks), resumed, alone):
                self.assertTrue(bool((whole.reshape(again.shape) == again).all()))
                self.assertTrue(bool((whole[1].reshape(row.shape) == row).all()))
        other = source(range(2), seed=4).batch(UNUSED, 16)
        self.assertTrue(other[0].shape != ran_on[16][0].shape or not bool((other[0] == ran_on[16][0]).all()))

    def test_of_single_planes_a_row_gives_several(self):
        step = next(step for step in range(99) if source(range(1)).planes_of(step) == 1)
        inputs, masks = source(range(2), stills=3).batch(UNUSED, step)
        self.assertEqual((tuple(inputs.shape), tuple(masks.shape)), ((6, 3, SIDE, SIDE), (6, 1, SIDE, SIDE)))
        self.assertEqual(len({one.numpy().tobytes() for one in inputs}), 6)
        first, _ = source(range(1)).batch(UNUSED, step)
        self.assertTrue(bool((first[0] == inputs[0]).all()))

    def test_planes_are_single_ones_clips_and_clips_of_twice_the_length(self):
        counts = [source(range(1)).planes_of(step) for step in range(400)]
        self.assertEqual(counts, [source(range(1, 2)).planes_of(step) for step in range(400)])
        self.assertEqual(set(counts), {1, 4, 8})
        for planes, part in ((1, 0.3), (4, 0.5), (8, 0.2)):
            self.assertAlmostEqual(counts.count(planes) / 400, part, delta=0.08)
        self.assertEqual({source(range(1), clip=1).planes_of(step) for step in range(50)}, {1})


class Crops(unittest.TestCase):
    def test_every_crop_holds_something_of_the_object(self):
        rng = np.random.default_rng(1)
        ring = np.hypot(*(np.mgrid[:64, :64] - 31.5))
        hollow, corner, thread = (ring > 28) & (ring < 30), np.zeros((64, 64), bool), np.zeros((64, 64), bool)
        corner[60:, :3], thread[:, 63] = True, True
        for mask in (hollow, corner, thread):
            for side in (16, 48, 63):
                for _ in range(20):
                    top, left = crop_place(rng, mask, side)
                    self.assertTrue(0 <= top <= 64 - side and 0 <= left <= 64 - side)
                    self.assertTrue(mask[top:top + side, left:left + side].any())

    def test_pictures_and_masks_are_turned_alike_in_all_eight_ways(self):
        masks = np.zeros((2, 64, 64), bool)
        masks[:, 20:44, 24:30], masks[:, 38:44, 24:40] = True, True
        clip = Clip(masks.astype(np.float32), masks, masks.astype(np.uint16), 1, "blocks", "z", 1, (0, 1), ((0, 0, 64, 64),) * 2, np.zeros(2, bool))
        shown, made = set(), source(range(1))
        for step in range(60):
            inputs, found = made.cropped(np.random.default_rng(step), clip)
            np.testing.assert_array_equal((inputs * DEVIATION + MEAN > 0.5).all(1), found)
            rows, columns = np.flatnonzero(found[0].any(1)), np.flatnonzero(found[0].any(0))
            shown.add(found[0, rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1].tobytes())
        self.assertEqual(len(shown), 8)


class Sets(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_objects_of_a_set_take_turns(self):
        things = things_of(read_dataset(write_set(self.folder / "set", items=(2, 0, 0), shape=(8, 64, 64), objects=2)).of("train"))
        cutter = Cutter(1.0, 32, 1)
        for clip in (1, 3):
            learnt = SetSource(cutter, things, SETTINGS, clip)
            turns = [thing for step in range(len(things)) for thing in learnt.turn_of(step, SETTINGS.batch)]
            for round_ in range(SETTINGS.batch):
                taken = turns[round_ * len(things):(round_ + 1) * len(things)]
                self.assertEqual({(thing.item.id, thing.id) for thing in taken}, {(thing.item.id, thing.id) for thing in things})
            inputs, masks = learnt.batch(np.random.default_rng(5), 1)
            self.assertEqual((tuple(inputs.shape), tuple(masks.shape)), ((2 * clip, 3, 32, 32), (2, clip, 32, 32)))
            again, _ = SetSource(cutter, things, SETTINGS, clip).batch(np.random.default_rng(5), 1)
            self.assertTrue(bool((inputs == again).all() and masks[:, 0].flatten(1).any(1).all()))

    def test_scenes_written_as_a_set_are_read_back(self):
        with mock.patch("scenes.write_set.scene", small_scene):
            dataset = read_dataset(write_scenes(self.folder / "scenes", first=1, count=2, kinds=["nuclei", "crystals"]))
        self.assertEqual((dataset.dimensions, [item.id for item in dataset.of("val")]), (3, ["nuclei-1", "crystals-2"]))
        for item, kind, seed in zip(dataset.of("val"), ("nuclei", "crystals"), (1, 2)):
            made = small_scene(VALIDATION_SEEDS + seed, kind)
            np.testing.assert_array_equal(item.pixels(), made.grey)
            np.testing.assert_array_equal(item.ids(), made.labels)
            np.testing.assert_allclose(item.spacing, made.spacing, atol=1e-6)
            self.assertEqual(item.value_range, view_range(made.grey))
        self.assertTrue(things_of(dataset.of("val")))


if __name__ == "__main__":
    unittest.main()
