"""
Trains a network on scenes that are made while it learns. One call is one stage of a round; each goes on from weights.

    python learn_scenes.py --base W.safetensors --output OUT.safetensors --check SET --image-size 256 --clip 8 --steps 1000 --batch 2 --rate 4e-4
    python learn_scenes.py --resume OUT.run [--steps N]

`--batch` is of each of the `--workers`, of which each has one thread. What is checked is a set (`scenes/write_set.py`), through windows of `--check-size`.
"""
import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

import torch
import torch.distributed as together
import torch.multiprocessing as processes

from checkpoint import open_base, save_weights
from curves import write_curves
from dataset import read_dataset
from evaluate import held_out_dice, spread
from faults import Fault, say
from features import encode
from network import Network, build
from objects import Cutter, Thing, things_of
from run_folder import RunFolder
from scene_source import SceneSource
from settings import Settings
from team import Team
from trainer import Trainer

NUMBERS = {"steps": int, "batch": int, "rate": float, "seed": int, "clip": int, "corrections": int, "image_size": int, "cut": int, "ema": float,
           "still_part": float, "long_part": float, "mask_part": float, "check_every": int, "check_objects": int}
# From nothing or from far: no slower encoder, larger steps than fine-tuning's.
DEFAULTS = Settings(train="all", prompts="people", encoder_rate=1.0, layer_decay=1.0, weight_decay=0.05, clip_norm=1.0, box_part=0.6, mask_part=0.15,
                    corrections=1, patience=1000, precision="fp32", check_every=500, check_objects=44, clip=8, still_part=0.2, rate=4e-4)
CHECK_CLIP = 8


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1], allow_abbrev=False)
    for name in ("base", "output", "check", "resume"):
        parser.add_argument(f"--{name}")
    for name, kind in NUMBERS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind)
    parser.add_argument("--check-size", type=int, default=256)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    if asked.resume:
        folder = RunFolder(asked.resume)
        about = folder.described()
        about["settings"] |= {"steps": asked.steps} if asked.steps else {}
    else:
        for name in ("base", "output", "check"):
            if getattr(asked, name) is None:
                parser.error(f"--{name} is missing")
        given = {name: value for name in NUMBERS if (value := getattr(asked, name)) is not None}
        folder = RunFolder(Path(asked.output).with_suffix(".run"))
        about = {"settings": replace(DEFAULTS, **given).to_json(), "workers": asked.workers, "check_size": asked.check_size,
                 **{name: str(Path(getattr(asked, name)).resolve()) for name in ("base", "output", "check")}}
        folder.begin(about)
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", str(20000 + os.getpid() % 20000))
    processes.spawn(work, (about, str(folder.folder), bool(asked.resume)), about["workers"])


def work(rank: int, about: dict, folder: str, resumed: bool) -> None:
    torch.set_num_threads(1)
    team = Team(rank, about["workers"])
    if team.size > 1:
        together.init_process_group("gloo", rank=rank, world_size=team.size)
    settings = Settings.from_json(about["settings"])
    base = open_base(about["base"], settings.image_size)
    rows = range(rank * settings.batch, (rank + 1) * settings.batch)
    source = SceneSource(settings, base.network.image_size, rows, settings.batch * team.size)
    things = spread(things_of(read_dataset(about["check"]).of("val")), settings.check_objects)[rank :: team.size]
    cutter = Cutter(settings.sigma, about["check_size"], settings.seed)
    trainer = Trainer(base, source, lambda network, _: checked(network, cutter, things), settings, RunFolder(folder), torch.device("cpu"), team)
    if resumed:
        trainer.resume()
    ended = trainer.fit()
    if team.leads and ended == "steps":
        base.network.load_state_dict(trainer.run.load_best())
        keep = {key: value for key, value in base.metadata.items() if key in ("masklet.name", "masklet.licence")}
        best = max(trainer.curves, key=lambda row: row["dice"])
        save_weights(about["output"], base.network, keep | {"masklet.base_sha256": base.sha256, "masklet.seed": str(settings.seed), "masklet.steps": str(best["step"])}, torch.float16)
        write_curves(Path(about["output"]).with_suffix(""), trainer.curves)
        say("done", output=about["output"], best=best)


def checked(network: Network, cutter: Cutter, things: list[Thing]) -> dict[str, float]:
    """Dice through windows of the cutter's side, whatever the side of the crops that are learned from."""
    whole = network
    if cutter.side != network.image_size:
        whole = build(replace(network.size, image_size=cutter.side))
        whole.load_state_dict(network.state_dict())
    return held_out_dice(whole, lambda inputs: encode(whole, inputs), cutter, things, CHECK_CLIP)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Fault as fault:
        say("error", code=fault.code, details=fault.details)
        sys.exit(3)
