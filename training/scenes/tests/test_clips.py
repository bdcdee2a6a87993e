import unittest

import numpy as np

from .. import window
from ..clips import View, clip_of, clips_of, first_look, stream, view_range
from ..prompts import LEAST_PIXELS
from ..scene import VALIDATION_SEEDS, Scene, scene


def two_blocks():
    """One object on planes 3 ... 11 that moves along x, another beside it; the voxels coarser along z."""
    labels = np.zeros((16, 200, 220), np.uint16)
    for plane in range(3, 12):
        labels[plane, 90:110, 20 + 12 * plane:40 + 12 * plane] = 5
        labels[plane, 120:130, 100:120] = 9
    return Scene((labels > 0).astype(np.float32), labels, (3.0, 1.0, 1.0), "blocks", {"lost": [6]})


class Windows(unittest.TestCase):
    def test_sizes_and_places_as_the_server_has_them(self):
        self.assertEqual([window.window_size(extent) for extent in (1, 16, 17, 24, 25, 33, 49, 70)], [64, 64, 96, 96, 128, 192, 256, 384])
        around = window.window_around
        self.assertEqual(around((100, 50, 120, 70), 96, (400, 500), (1.0, 1.0)), (60, 12, 96, 96))
        self.assertEqual(around((0, 0, 5, 5), 64, (400, 500), (1.0, 1.0)), (0, 0, 64, 64))
        self.assertEqual(around((3, 3, 9, 9), 96, (40, 90), (1.0, 1.0)), (0, 0, 90, 90))
        self.assertEqual(around((40, 40, 60, 44), 96, (200, 500), (2.0, 1.0))[2:], (96, 48))
        kept = (60, 12, 96, 96)
        self.assertEqual(window.follow(kept, (90, 40, 110, 60), 96, (400, 500), (1.0, 1.0)), kept)
        self.assertEqual(window.follow(kept, None, 96, (400, 500), (1.0, 1.0)), kept)
        self.assertNotEqual(window.follow(kept, (62, 40, 80, 60), 96, (400, 500), (1.0, 1.0)), kept)

    def test_resampling_averages_where_it_makes_smaller_and_is_linear_where_larger(self):
        # What torch.nn.functional.interpolate(mode="bilinear", antialias=True) gives.
        row = np.array([0, 1, 4, 9, 16, 25, 36, 49], np.float64)
        np.testing.assert_allclose(window.linear(8, 3) @ row, [2.05263, 13.45238, 35.57895], rtol=1e-5)
        np.testing.assert_allclose(window.linear(3, 8) @ row[:3], [0.0, 0.0625, 0.4375, 0.8125, 1.5625, 2.6875, 3.8125, 4.0], rtol=1e-5)

    def test_thin_objects_are_not_lost_in_the_mask(self):
        mask = np.zeros((256, 256), bool)
        mask[100, 20:200] = True
        self.assertGreater(window.seen_mask(mask, 64).sum(), 40)
        self.assertFalse(window.seen_mask(np.zeros((9, 9), bool), 64).any())

    def test_the_view_is_in_the_networks_range(self):
        seen = window.normalised(np.array([[[0.0, 1.0]]], np.float32))
        np.testing.assert_allclose(seen[0, :, 0], [[-2.1179, 2.2489], [-2.0357, 2.4286], [-1.8044, 2.64]], atol=1e-4)


class Clips(unittest.TestCase):
    def test_masks_agree_with_the_labels_under_the_windows(self):
        made = two_blocks()
        view, ways = View(made, sigma=0), set()
        for nth in range(12):
            clip = clip_of(view, np.random.default_rng(nth), 5, 64, (8, 12), "z")
            ways.add(clip.way)
            self.assertEqual(list(clip.planes), [clip.planes[0] + clip.way * at for at in range(len(clip.planes))])
            self.assertTrue(8 <= len(clip.planes) <= 12)
            for plane, (u0, v0, width, height), mask, labels, level in zip(clip.planes, clip.windows, clip.masks, clip.labels, clip.levels):
                truth = made.labels[plane] == 5
                self.assertEqual(mask.any(), bool(truth.any()))
                self.assertTrue(0 <= u0 and u0 + width <= 220 and 0 <= v0 and v0 + height <= 200)
                if truth.any():
                    # All of the object is in the window, and as large as there.
                    self.assertEqual(int(truth[v0:v0 + height, u0:u0 + width].sum()), 400)
                    self.assertAlmostEqual(mask.sum() / 64**2, 400 / (width * height), delta=0.03)
                    self.assertGreater(level[mask].mean(), 0.9)
                    self.assertGreater((labels[mask] == 5).mean(), 0.85)
            np.testing.assert_array_equal(clip.lost, [plane == 6 for plane in clip.planes])
            self.assertEqual((clip.inputs.shape, clip.inputs.dtype), ((len(clip.planes), 3, 64, 64), np.float32))
        self.assertEqual(ways, {1, -1})

    def test_a_clip_to_the_end_shows_that_the_object_is_gone(self):
        view, starts = View(two_blocks(), sigma=0), set()
        for nth in range(20):
            clip = clip_of(view, np.random.default_rng(nth), 5, 64, (4, 4), "z", to_end=True)
            starts.add((clip.way, clip.planes[0]))
            self.assertEqual((clip.masks[0].any(), clip.masks[-1].any()), (True, False))
        self.assertEqual(starts, {(1, 9), (1, 10), (1, 11), (-1, 3), (-1, 4), (-1, 5)})

    def test_along_other_axes_planes_are_square_in_space(self):
        view = View(two_blocks(), sigma=0)
        clip = clip_of(view, np.random.default_rng(1), 5, 64, (8, 12), "y")
        # A block of 9 planes of 3 by about 116 voxels: as wide as the plane allows.
        rows, columns = np.flatnonzero(clip.masks[0].any(1)), np.flatnonzero(clip.masks[0].any(0))
        self.assertEqual((len(rows), len(columns)), (36, 34))
        self.assertIsNone(clip_of(view, np.random.default_rng(1), 9, 64, (300, 300), "x"))

    def test_a_click_is_first_looked_at_in_the_servers_window(self):
        # What promptExtent, boxExtent, windowSize and windowAround of server/segmentation/{extent,window}.ts answer for any click in the block.
        for (row, column), spacing, window in (((300, 300), (1, 1, 1), (96, 96, 384, 384)), ((300, 300), (1, 2, 1), (96, 216, 384, 192)), ((3, 596), (1, 1, 1), (408, 0, 192, 192))):
            labels = np.zeros((3, 500, 600), np.uint16)
            labels[1, row:row + 4, column:column + 4] = 7
            view, rng = View(Scene((labels > 0).astype(np.float32), labels, spacing, "block", {"lost": []}), sigma=0), np.random.default_rng(1)
            # On planes along y and x the block is too thin to be pointed at.
            clips = [clip for clip in (first_look(view, rng, 7, 64) for _ in range(8)) if clip is not None]
            self.assertEqual({(clip.axis, clip.planes, clip.windows) for clip in clips}, {("z", (1,), (window,))})
            self.assertTrue(all(clip.masks[0].any() for clip in clips))

    def test_a_stream_of_seeded_clips_that_start_with_the_object(self):
        first, again = ([next(clips) for clips in [stream(48, per_scene=4)] for _ in range(6)] for _ in range(2))
        for one, other in zip(first, again):
            np.testing.assert_array_equal(one.levels, other.levels)
            self.assertTrue(one.masks[0].any() and not one.lost[0])
            self.assertTrue(0 <= one.levels.min() and one.levels.max() <= 1 + 1e-5)

    def test_range_as_the_server_freezes_it(self):
        grey = np.arange(4 * 10 * 25, dtype=np.uint16).reshape(4, 10, 25)
        self.assertEqual(view_range(grey), (5.0, 995.0))
        self.assertEqual(view_range(np.full((2, 3, 4), 7, np.uint8)), (7.0, 8.0))

    def test_objects_of_real_scenes_are_large_enough_to_point_at(self):
        made = scene(VALIDATION_SEEDS + 1, "nuclei", (20, 96, 96))
        clips = clips_of(made, np.random.default_rng(3), 6, 64)
        self.assertGreater(len(clips), 0)
        for clip in clips:
            at = {"z": 0, "y": 1, "x": 2}[clip.axis]
            self.assertGreaterEqual(int((made.labels.take(clip.planes[0], at) == clip.id).sum()), LEAST_PIXELS)


if __name__ == "__main__":
    unittest.main()
