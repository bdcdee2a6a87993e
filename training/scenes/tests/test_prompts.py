import unittest

import numpy as np

from ..prompts import BOTTOM_RIGHT, NEGATIVE, POSITIVE, TOP_LEFT
from ..prompts import correction, depths, first_prompt, largest_region, loose_box, neighbour_clicks, off_centre_click, prompted_plane

SIDE = 64


def masks():
    """A disc, a sliver at the border, one pixel, and all."""
    y, x = np.mgrid[:SIDE, :SIDE]
    sliver, pixel = np.zeros((2, SIDE, SIDE), bool)
    sliver[0, 10:50] = True
    pixel[63, 63] = True
    return [(y - 30) ** 2 + (x - 24) ** 2 < 150, sliver, pixel, np.ones((SIDE, SIDE), bool)]


class Prompts(unittest.TestCase):
    def test_prompts_lie_in_the_picture(self):
        rng = np.random.default_rng(1)
        for mask in masks():
            for _ in range(100):
                (left, top), (right, bottom) = loose_box(rng, mask)[0]
                self.assertTrue(-0.5 <= left < right <= SIDE - 0.5 and -0.5 <= top < bottom <= SIDE - 0.5)
                for points, labels in (off_centre_click(rng, mask), first_prompt(rng, mask)):
                    self.assertEqual(len(points), len(labels))
                    self.assertIn(labels.tolist(), ([POSITIVE], [TOP_LEFT, BOTTOM_RIGHT]))
                x, y = off_centre_click(rng, mask)[0][0].astype(int)
                self.assertTrue(mask[y, x])

    def test_boxes_are_looser_than_tight_by_side_and_hold_most_of_the_object(self):
        rng, mask = np.random.default_rng(2), masks()[0]
        rows, columns = np.nonzero(mask)
        tight = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) - 0.5
        off, held = [], []
        for _ in range(400):
            box = loose_box(rng, mask)[0].ravel()
            off.append((box - tight) * [-1, -1, 1, 1])
            held.append(np.mean((columns >= box[0]) & (columns <= box[2]) & (rows >= box[1]) & (rows <= box[3])))
        off = np.array(off)
        self.assertTrue(np.all(off.mean(0) > 0.5) and np.all((off < 0).mean(0) > 0.15))
        self.assertTrue(np.all(np.abs(np.corrcoef(off.T)[~np.eye(4, dtype=bool)]) < 0.5))
        self.assertGreater(np.mean(held), 0.95)

    def test_clicks_are_off_the_centre(self):
        rng, mask = np.random.default_rng(3), masks()[0]
        away = [np.hypot(*(off_centre_click(rng, mask)[0][0] - [24, 30])) for _ in range(300)]
        self.assertTrue(4 < np.median(away) < 11)

    def test_corrections_click_what_is_wrong(self):
        rng, mask = np.random.default_rng(4), masks()[0]
        found = np.roll(mask, 6, 1)
        found[2:4, 2:4] = True
        labels = set()
        for _ in range(200):
            (x, y), label = correction(rng, mask, found)
            self.assertNotEqual(mask[int(y), int(x)], found[int(y), int(x)])
            self.assertEqual(label, POSITIVE if mask[int(y), int(x)] else NEGATIVE)
            labels.add(label)
        self.assertEqual(labels, {POSITIVE, NEGATIVE})
        region = largest_region(mask, found)
        self.assertFalse(region[2:4, 2:4].any())
        self.assertIn(int(region.sum()), (int((mask & ~found).sum()), int((found & ~mask).sum()) - 4))
        self.assertEqual(correction(rng, mask, mask)[1], POSITIVE)
        self.assertEqual(correction(rng, mask & False, mask & False)[1], NEGATIVE)

    def test_negative_clicks_fall_on_neighbours_mostly_the_near_ones(self):
        rng, (mask, *_) = np.random.default_rng(5), masks()
        labels = np.where(mask, 1, 0)
        labels[28:34, 38:44], labels[0:6, 58:64] = 2, 3
        seen = []
        for _ in range(200):
            points, what = neighbour_clicks(rng, mask, labels, 1, most=1)
            self.assertEqual(what.tolist(), [NEGATIVE])
            seen.append(labels[int(points[0, 1]), int(points[0, 0])])
        self.assertTrue(set(seen) == {2, 3} and seen.count(2) > 1.5 * seen.count(3))
        self.assertEqual(len(neighbour_clicks(rng, mask, labels, 1, most=5)[1]), 2)
        self.assertEqual(neighbour_clicks(rng, mask, np.where(mask, 1, 0), 1)[0].shape, (0, 2))

    def test_the_fourth_plane_in_the_way_one_goes_is_asked_for_most(self):
        rng, areas = np.random.default_rng(6), [(plane, 10 if plane < 22 else 20 + plane % 7) for plane in range(20, 40)]
        for way, fourth in ((1, 25), (-1, 36)):
            planes = [prompted_plane(rng, areas, way) for _ in range(300)]
            self.assertEqual(max(set(planes), key=planes.count), fourth)
            self.assertTrue(min(planes) >= 22 and planes.count(27) > 60)
        self.assertIn(prompted_plane(rng, areas[:4], 1), (22, 23))
        self.assertIsNone(prompted_plane(rng, areas[:2], 1))

    def test_depth_counts_peels_and_the_picture_border_does_not_peel(self):
        mask = np.zeros((5, 6), bool)
        mask[0:4, 1:6] = True
        np.testing.assert_array_equal(depths(mask), [[0, 1, 2, 3, 4, 4], [0, 1, 2, 3, 3, 3], [0, 1, 2, 2, 2, 2], [0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]])


if __name__ == "__main__":
    unittest.main()
