import json
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
import prompts  # noqa: E402
import views  # noqa: E402
from checkpoint import open_base, read_tensors, save_weights  # noqa: E402
from dataset import Item, read_dataset  # noqa: E402
from decoding import choose  # noqa: E402
from faults import Fault  # noqa: E402
from fill_holes import without_small_holes  # noqa: E402
from losses import plane_losses  # noqa: E402
from network import SIZES, build  # noqa: E402
from network_size import size_of  # noqa: E402
from objects import Cutter, things_of  # noqa: E402
from seeded_set import write_set  # noqa: E402

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def mask_of(*rows):
    return np.array([[one == "#" for one in row] for row in rows])


class Views(unittest.TestCase):
    def test_the_gaussian_is_isotropic_in_space_and_leaves_time_alone(self):
        self.assertEqual(views.sigma_in_voxels(1.0, (2.0, 0.5, 1.0), False), (0.25, 1.0, 0.5))
        self.assertEqual(views.sigma_in_voxels(1.0, (2.0, 0.5, 1.0), True), (0.0, 1.0, 0.5))
        point = np.zeros((9, 9, 9), np.float32)
        point[4, 4, 4] = 1
        seen = views.smoothed(point, (1.0, 1.0, 0.0))
        taps = np.exp(-np.arange(-3, 4) ** 2 / 2)
        np.testing.assert_allclose(seen[1:8, 4, 4], taps / taps.sum() * (1 / taps.sum()), rtol=1e-5)
        self.assertEqual(int((seen > 0).sum()), 49)
        np.testing.assert_allclose(views.smoothed(np.full((2, 3, 4), 7, np.float32), (1.0, 1.0, 1.0)), 7, rtol=1e-6)

    def test_eight_different_turns_that_masks_and_pictures_share(self):
        square = np.arange(9).reshape(3, 3)
        seen = [views.turned(square, turn) for turn in range(8)]
        self.assertEqual(len({one.tobytes() for one in seen}), 8)
        for turn in range(8):
            np.testing.assert_array_equal(views.turned(torch.from_numpy(square), turn).numpy(), seen[turn])

    def test_pixels_that_are_not_square_give_a_square_view(self):
        item = Item("a", "train", Path("a"), Path("a"), (0.0, 1.0), (1.0, 0.5, 0.25), False, False)
        self.assertEqual(item.pixel, (2.0, 1.0))
        self.assertEqual(views.network_input(np.zeros((10, 20), np.float32), 64, (2.0, 1.0)).shape, (3, 64, 64))

    def test_a_thread_of_pixels_is_no_empty_target(self):
        mask = np.zeros((64, 64), bool)
        mask[:, 30] = True
        self.assertTrue(bool(views.network_mask(mask, 16).any()))


class Prompts(unittest.TestCase):
    def test_boxes_stay_near_and_inside(self):
        mask, rng = np.zeros((64, 64), bool), np.random.default_rng(1)
        mask[0:20, 10:50] = True
        for _ in range(200):
            (x0, y0), (x1, y1) = prompts.noisy_box(rng, mask) + 0.5
            self.assertTrue(abs(x0 - 10) <= 4 and abs(x1 - 50) <= 4 and 0 <= y0 <= 2 and abs(y1 - 20) <= 2, (x0, y0, x1, y1))

    def test_the_middle_is_farthest_from_the_outside(self):
        mask = mask_of("#######", "#####..", "#####..", "#####..", "#####..")
        self.assertEqual(prompts.middle_pixel(mask).tolist(), [2, 2])

    def test_corrections_fall_where_the_answer_is_wrong(self):
        truth, found, rng = mask_of("##..", "##.."), mask_of("#..#", "##.."), np.random.default_rng(2)
        said = {(*at.astype(int).tolist(), label) for at, label in (prompts.correction(rng, truth, found) for _ in range(200))}
        self.assertTrue({(1, 0, 1), (3, 0, 0)} <= said)
        self.assertTrue(all(label == int(truth[y, x]) for x, y, label in said))

    def test_prompts_of_other_lengths_are_padded(self):
        points, labels = prompts.together([(np.ones((1, 2)), np.array([1])), (np.ones((3, 2)), np.array([2, 3, 0]))])
        self.assertEqual((points.shape, labels.tolist()), ((2, 3, 2), [[1, -1, -1], [2, 3, 0]]))


class Losses(unittest.TestCase):
    def test_a_right_answer_costs_nothing_and_an_absent_object_only_presence(self):
        target = torch.zeros(2, 16, 16, dtype=torch.bool)
        target[0, 4:12, 4:12] = True
        logits = torch.where(target[:, None, ::4, ::4], 40.0, -40.0).repeat(1, 3, 1, 1)
        logits[:, 1] = 0
        ious = torch.tensor([[0.9, 0.25, 0.9], [0.9, 0.9, 0.9]])
        loss, overlap = plane_losses(logits, ious, torch.tensor([[20.0], [20.0]]), target)
        self.assertGreater(float(overlap[0, 0]), 0.7)
        self.assertAlmostEqual(float(loss[1]), 20.0, places=3)
        wrong, _ = plane_losses(-logits, ious, torch.tensor([[20.0], [-20.0]]), target)
        self.assertGreater(float(wrong[0]), float(loss[0]))
        self.assertLess(float(wrong[1]), 1e-3)

    def test_the_equations(self):
        # One pixel, one logit: focal = 0.25 (1 - p)^2 (-log p), dice = 1 - (2 p + 1) / (p + 1 + 1).
        logit = 0.3
        p = 1 / (1 + np.exp(-logit))
        loss, overlap = plane_losses(torch.full((1, 1, 1, 1), logit), torch.tensor([[0.5]]), torch.tensor([[0.0]]), torch.ones(1, 1, 1, dtype=torch.bool))
        expected = 20 * 0.25 * (1 - p) ** 2 * -np.log(p) + 1 - (2 * p + 1) / (p + 2) + abs(0.5 - 1) + np.log(2)
        self.assertAlmostEqual(float(loss[0]), expected, places=5)
        self.assertEqual(float(overlap[0, 0]), 1.0)


class Choice(unittest.TestCase):
    def test_an_unstable_mask_gives_way_to_the_best_alternative_but_keeps_its_token(self):
        masks = torch.full((2, 4, 4, 4), -5.0)
        masks[0, 0], masks[1, 0] = 0.01, 5.0
        ious = torch.tensor([[0.9, 0.2, 0.8, 0.3], [0.1, 0.2, 0.8, 0.3]])
        self.assertEqual([one.tolist() for one in choose(masks, ious, False)], [[2, 0], [0, 0]])
        self.assertEqual([one.tolist() for one in choose(masks, ious, True)], [[2, 2], [2, 2]])


class Holes(unittest.TestCase):
    def test_parts_of_up_to_eight_pixels_are_closed_others_stay(self):
        def with_ground(*places):
            logits = torch.full((12, 12), 3.0)
            for row, column in places:
                logits[row, column] = -2.0
            return logits
        line = [(2, column) for column in range(1, 9)]
        winding = [(1, 1), (2, 2), (3, 1), (4, 2), (5, 1), (6, 2), (7, 1), (8, 2)]
        for eight in (line, winding, [(0, 0)], [(11, 11), (10, 10)]):
            closed = without_small_holes(with_ground(*eight))
            self.assertTrue(all(abs(float(closed[place]) - 0.1) < 1e-6 for place in eight), eight)
            self.assertEqual(int((closed == 3.0).sum()), 144 - len(eight))
        for nine in (line + [(2, 9)], winding + [(9, 1)], [(row, column) for row in range(3) for column in range(3)], [(row, column) for row in range(11) for column in range(11)]):
            self.assertTrue(torch.equal(without_small_holes(with_ground(*nine)), with_ground(*nine)), nine)

    def test_against_a_slow_search(self):
        generator = torch.Generator().manual_seed(1)
        for part in (0.2, 0.4, 0.6):
            logits = torch.rand(24, 24, generator=generator) - part
            slow, seen = logits.clone(), set()
            for start in range(24 * 24):
                found, waiting = [], [divmod(start, 24)]
                while waiting:
                    row, column = waiting.pop()
                    if (row, column) in seen or logits[row, column] > 0:
                        continue
                    seen.add((row, column))
                    found.append((row, column))
                    waiting += [(v, u) for v in range(max(0, row - 1), min(24, row + 2)) for u in range(max(0, column - 1), min(24, column + 2))]
                if 0 < len(found) <= 8:
                    for place in found:
                        slow[place] = 0.1
            self.assertTrue(torch.equal(without_small_holes(logits), slow))


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_sizes_are_told_from_tensors_and_metadata(self):
        tensors, metadata = read_tensors(FIXTURES / "sam2/sam2.1_shrunken.safetensors")
        size = size_of(tensors, metadata, "a")
        self.assertEqual((size.embed_dim, size.blocks, size.width, size.memory_width, size.decoder_heads, size.image_size, size.occlusion), (8, (1, 2, 3, 2), 48, 16, 4, 128, True))
        self.assertEqual(size.downsampler, (4, 8, 16, 32))
        with self.assertRaises(Fault) as caught:
            size_of(tensors, {}, "a")
        self.assertEqual(caught.exception.code, "checkpoint_metadata")
        with self.assertRaises(Fault) as caught:
            size_of(tensors, metadata, "a", 100)
        self.assertEqual(caught.exception.code, "image_size_invalid")

    def test_official_sizes_need_no_metadata(self):
        for name in ("tiny", "base_plus"):
            size, network = SIZES[name], build(SIZES[name])
            found = size_of(network.state_dict(), {}, name)
            self.assertEqual((found.name, found.global_blocks, found.windows, found.position_grid, found.heads), (name, size.global_blocks, size.windows, size.position_grid, size.heads))

    def test_every_kind_of_base_file(self):
        whole = open_base(FIXTURES / "sam2/sam2.1_shrunken.safetensors")
        with self.assertRaises(Fault) as caught:
            open_base(FIXTURES / "sam2/sam2.1_shrunken.transformers.safetensors")
        self.assertIn("transformers", caught.exception.details["why"])
        with self.assertRaises(Fault) as caught:
            # Without metadata its size is no official one.
            open_base(FIXTURES / "sam2/sam2.1_shrunken.pt")
        self.assertEqual(caught.exception.code, "checkpoint_metadata")
        for name, code in (("missing.pt", "file_missing"), ("cut.safetensors", "checkpoint_invalid"), ("cut.pt", "checkpoint_invalid")):
            if name != "missing.pt":
                (self.folder / name).write_bytes((FIXTURES / "sam2/sam2.1_shrunken.safetensors").read_bytes()[:5000])
            with self.assertRaises(Fault) as caught:
                open_base(self.folder / name)
            self.assertEqual(caught.exception.code, code, name)
        self.assertEqual(whole.metadata["masklet.family"], "sam2.1")

    def test_weights_come_back_as_they_were_saved(self):
        base = open_base(FIXTURES / "sam2/sam2_shrunken.safetensors")
        save_weights(self.folder / "a.safetensors", base.network, {"masklet.licence": "X"}, torch.float32)
        again = open_base(self.folder / "a.safetensors")
        self.assertEqual(again.metadata["masklet.licence"], "X")
        self.assertTrue(all(torch.equal(value, again.network.state_dict()[name]) for name, value in base.network.state_dict().items()))

    def test_a_set_is_read_and_a_broken_one_says_where(self):
        folder = write_set(self.folder / "set", items=(1, 1, 0))
        dataset = read_dataset(folder)
        self.assertEqual((dataset.name, dataset.dimensions, len(dataset.of("train")), dataset.items[0].pixels().shape), ("ellipsoids", 3, 1, (10, 72, 80)))
        things = things_of(dataset.of("train"))
        self.assertTrue(things and all(thing.starts(4) for thing in things))
        clip = Cutter(1.0, 64, 1).clip(things[0], *things[0].starts(4)[0], 4, 3)
        self.assertEqual((tuple(clip.inputs.shape), tuple(clip.targets.shape), bool(clip.targets[0].any())), ((4, 3, 64, 64), (4, 64, 64), True))
        hash_before = dataset.sha256
        said = json.loads((folder / "dataset.json").read_text())
        for change in ({"version": 2}, {"items": [{"id": "x"}]}, {"sources": "no"}, {"items": [{**said["items"][0], "image": "../out.tif"}]}, {"dimensions": 4}):
            (folder / "dataset.json").write_text(json.dumps({**said, **change}))
            with self.assertRaises(Fault) as caught:
                read_dataset(folder)
            self.assertEqual(caught.exception.code, "dataset_invalid", change)
        (folder / "dataset.json").write_text(json.dumps({**said, "name": "other"}))
        self.assertNotEqual(read_dataset(folder).sha256, hash_before)
        (folder / said["items"][0]["image"]).write_bytes(b"no tiff")
        with self.assertRaises(Fault):
            read_dataset(folder).items[0].pixels()


if __name__ == "__main__":
    unittest.main()
