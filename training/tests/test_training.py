import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
from finetune import main  # noqa: E402
from seeded_set import write_set  # noqa: E402

HERE = Path(__file__).resolve().parents[1]
BASE = Path(__file__).resolve().parents[2] / "fixtures/sam2/sam2.1_shrunken.safetensors"


def command(*options):
    return [sys.executable, str(HERE / "finetune.py"), "--threads", "1", *options]


def finetune(*options):
    """In this process, where torch is loaded. @returns the events, and the last one"""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        main(["--threads", "1", *options])
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    return events, events[-1]


def tensors(path):
    with safe_open(path, "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


def same(a, b):
    a, b = tensors(a)[0], tensors(b)[0]
    return all(torch.equal(a[name], b[name]) for name in a)


class Training(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        # A training takes these for itself.
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.set = write_set(self.folder / "set", items=(2, 1, 1), shape=(8, 64, 64), objects=2)

    def begin(self, name, *options, steps="6"):
        return finetune("--data", str(self.set), "--base", str(BASE), "--output", str(self.folder / f"{name}.safetensors"), "--steps", steps, "--check-every", "3",
                        "--batch", "2", "--clip", "3", "--corrections", "1", *options)

    def test_the_same_seed_gives_the_same_weights_and_another_others(self):
        for mode in ("decoder", "memory", "all"):
            ends = [self.begin(f"{mode}-{at}", "--train", mode, "--seed", seed, "--weights", "fp32", "--rate", "1e-3")[1] for at, seed in enumerate(("1", "1", "2"))]
            self.assertEqual([end["event"] for end in ends], ["done"] * 3, ends)
            files = [self.folder / f"{mode}-{at}.run/checkpoints/step-00000006.pt" for at in range(3)]
            held = [torch.load(file, weights_only=True)["network"] for file in files]
            equal = lambda a, b: all(torch.equal(held[a][name], held[b][name]) for name in held[a])
            self.assertTrue(equal(0, 1), mode)
            self.assertFalse(equal(0, 2), mode)

    def test_a_stopped_run_goes_on_as_if_it_had_not_been(self):
        for mode in ("decoder", "memory"):
            self.begin(f"{mode}-whole", "--train", mode, "--weights", "fp32", "--ema", "0.5", "--rate", "1e-3")
            # Killed at a moment of its own choosing, once a checkpoint is there.
            options = ["--data", str(self.set), "--base", str(BASE), "--output", str(self.folder / f"{mode}-parts.safetensors"), "--steps", "6", "--check-every", "3", "--batch", "2",
                       "--clip", "3", "--corrections", "1", "--train", mode, "--ema", "0.5", "--rate", "1e-3"]
            child = subprocess.Popen(command(*options), stdout=subprocess.PIPE, text=True)
            for line in child.stdout:
                if json.loads(line) == {"event": "saved", "step": 3}:
                    child.kill()
                    break
            child.wait()
            child.stdout.close()
            self.assertFalse((self.folder / f"{mode}-parts.safetensors").exists())
            events, end = finetune("--resume", str(self.folder / f"{mode}-parts.run"), "--weights", "fp32")
            self.assertEqual(end["event"], "done", end)
            self.assertTrue(any(event["event"] == "note" and "after step" in event["text"] for event in events))
            self.assertTrue(same(self.folder / f"{mode}-whole.safetensors", self.folder / f"{mode}-parts.safetensors"), mode)

    def test_ctrl_c_saves_and_the_run_can_be_gone_on_with(self):
        options = ["--data", str(self.set), "--base", str(BASE), "--output", str(self.folder / "c.safetensors"), "--steps", "100000", "--batch", "2"]
        child = subprocess.Popen(command(*options), stdout=subprocess.PIPE, text=True)
        lines = []
        for line in child.stdout:
            lines.append(json.loads(line))
            if lines[-1]["event"] == "step":
                child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(), 0)
        child.stdout.close()
        self.assertEqual([line["event"] for line in lines[-2:]], ["saved", "stopped"])
        step = lines[-1]["step"]
        events, end = finetune("--resume", str(self.folder / "c.run"), "--steps", str(step + 1))
        self.assertEqual((end["event"], end["step"]), ("done", step + 1))

    def test_parts_that_do_not_learn_stay_bit_by_bit(self):
        before, _ = tensors(BASE)
        for mode, learns in (("decoder", ("sam_mask_decoder.", "sam_prompt_encoder.")), ("memory", ("sam_mask_decoder.", "sam_prompt_encoder.", "memory_", "obj_ptr", "mask", "no_"))):
            self.begin(mode, "--train", mode, "--rate", "1e-2", steps="3")
            after, metadata = tensors(self.folder / f"{mode}.safetensors")
            held = torch.load(self.folder / f"{mode}.run/checkpoints/step-00000003.pt", weights_only=True)["network"]
            changed = [name for name in before if not torch.equal(before[name].float(), held[name])]
            self.assertTrue(changed and all(name.startswith(learns) for name in changed), [name for name in changed if not name.startswith(learns)])
            self.assertFalse([name for name in changed if "conv_s" in name or "positional" in name])
            self.assertEqual((metadata["masklet.train"], metadata["masklet.image_size"], metadata["masklet.dataset"], "masklet.random" in metadata), (mode, "128", "ellipsoids", False))
            card = (self.folder / f"{mode}.md").read_text()
            self.assertTrue(metadata["masklet.base_sha256"] in card and "held-out" in card.lower() and "1 items" in card)
            self.assertEqual(len((self.folder / f"{mode}.curves.csv").read_text().splitlines()), 3)
            self.assertTrue((self.folder / f"{mode}.curves.png").read_bytes().startswith(b"\x89PNG") and b"<svg" in (self.folder / f"{mode}.curves.svg").read_bytes())

    def test_cached_features_change_nothing(self):
        # The second run finds the first one's features.
        self.begin("a", "--weights", "fp32", "--rate", "1e-3")
        (self.folder / "b.run").mkdir()
        os.rename(self.folder / "a.run/features", self.folder / "b.run/features")
        files = len(list((self.folder / "b.run/features").rglob("*.pt")))
        self.begin("b", "--weights", "fp32", "--rate", "1e-3")
        self.assertEqual(len(list((self.folder / "b.run/features").rglob("*.pt"))), files)
        self.assertTrue(same(self.folder / "a.safetensors", self.folder / "b.safetensors"))

    def test_the_licence_is_the_files_own_or_what_is_known_of_it(self):
        plain = self.folder / "plain.safetensors"
        held, metadata = tensors(BASE)
        save_file(held, plain, metadata={name: value for name, value in metadata.items() if name != "masklet.licence"})
        for base, known, said in ((BASE, "Other", metadata["masklet.licence"]), (plain, "Known", "Known"), (plain, None, None)):
            output = self.folder / f"{base.stem}-{known}.safetensors"
            finetune("--data", str(self.set), "--base", str(base), "--output", str(output), "--steps", "1", "--batch", "1", "--corrections", "0", *(["--base-licence", known] if known else []))
            self.assertEqual(tensors(output)[1].get("masklet.licence"), said)

    def test_half_precision_runs(self):
        for mode in ("decoder", "memory", "all"):
            self.assertEqual(self.begin(mode, "--train", mode, "--precision", "bf16", steps="3")[1]["event"], "done")

    def test_a_single_plane_set(self):
        flat = write_set(self.folder / "flat", items=(3, 2, 0), shape=(20, 64, 64), dimensions=2)
        self.set = flat
        self.assertEqual(self.begin("all", "--train", "all")[1]["event"], "done")
        self.assertEqual(self.begin("memory", "--train", "memory")[1]["code"], "usage")
        self.assertIn("has no test split", (self.folder / "all.md").read_text())

    def test_failures_have_codes_and_keep_what_was_good(self):
        _, end = self.begin("nan", "--rate", "1e30", steps="50")
        self.assertEqual((end["event"], end["code"]), ("error", "finetune_diverged"), end)
        self.assertTrue(Path(end["details"]["kept"]).exists())
        self.assertTrue(all(bool(torch.isfinite(value).all()) for value in torch.load(end["details"]["kept"], weights_only=True)["network"].values()))
        self.assertEqual(self.begin("nan")[1]["code"], "finetune_resume")
        (self.set / "images/a-0001.tif").write_bytes(b"")
        self.assertEqual(finetune("--resume", str(self.folder / "nan.run"))[1]["code"], "finetune_resume")
        self.assertEqual(self.begin("empty")[1]["code"], "dataset_invalid")
        self.assertEqual(finetune("--resume", str(self.folder / "nowhere"))[1]["code"], "finetune_resume")
        self.set = write_set(self.folder / "nothing-held", items=(2, 0, 0), shape=(8, 64, 64))
        self.assertEqual(self.begin("held")[1]["code"], "dataset_invalid")


if __name__ == "__main__":
    unittest.main()
