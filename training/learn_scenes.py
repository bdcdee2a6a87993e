"""
Trains Masklet's own network on scenes that are made while it learns, in rounds; models/embedded/rounds.json says what each is.

    python learn_scenes.py ROUND --work FOLDER [--base WEIGHTS]

A round goes through stages, each from the weights of the one before, the first from those of the round before, which lie in the box until the round's
own take their place; later, --base says where they are. Stopped or killed, the same command goes on where it was. What comes out is
FOLDER/STAGE.safetensors; the weights of the best check, never worse on it than what it began with.
"""
import argparse
import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
from scenes.write_set import write_set
from settings import Settings
from team import Team
from trainer import Trainer

ROOT = Path(__file__).parents[1]
ROUNDS = ROOT / "models/embedded/rounds.json"
# From far: no slower encoder, larger steps than fine-tuning's.
DEFAULTS = Settings(train="all", prompts="people", encoder_rate=1.0, layer_decay=1.0, weight_decay=0.05, clip_norm=1.0, box_part=0.6, mask_part=0.15,
                    corrections=1, patience=1000, precision="fp32", check_every=500, check_objects=44, clip=8, rate=4e-4)
CHECK_SCENES, CHECK_CLIP = 44, 8


@dataclass(frozen=True)
class Stage:
    name: str
    base: str
    output: str
    check: str  # folder of a set
    check_size: int  # side of the input that is checked, whatever the side of the crops that are learned from
    workers: int  # processes of one thread; `batch` is of each
    settings: Settings


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[1], allow_abbrev=False)
    parser.add_argument("round", type=int)
    parser.add_argument("--work", required=True, help="folder for checkpoints, curves and weights")
    parser.add_argument("--base", help="weights to begin from, other than those that the round names")
    asked = parser.parse_args(arguments)
    for stage in stages_of(asked.round, Path(asked.work).resolve(), asked.base):
        if not Path(stage.output).exists():
            learn(stage)


def stages_of(number: int, work: Path, other_base: str | None = None) -> list[Stage]:
    rounds = {one["round"]: one for one in json.loads(ROUNDS.read_text())["rounds"]}
    if number not in rounds:
        raise Fault("usage", why=f"There is no round {number}; {ROUNDS} has {', '.join(map(str, rounds))}.")
    described = rounds[number]
    check = work / "check"
    if not (check / "dataset.json").exists():
        write_set(check, count=CHECK_SCENES)
    base, found = other_base or str(ROOT / described["base"]), []
    for stage in described["stages"]:
        settings = replace(DEFAULTS, **{key: value for key, value in stage.items() if key != "name"})
        found.append(Stage(stage["name"], base, str(work / f"{stage['name']}.safetensors"), str(check), described["image_size"], described["workers"], settings))
        base = found[-1].output
    return found


def learn(stage: Stage) -> None:
    folder = RunFolder(Path(stage.output).with_suffix(".run"))
    resumed = (folder.folder / "run.json").exists()
    if not resumed:
        folder.begin({"stage": stage.name, "settings": stage.settings.to_json()})
    # One thread each: NumPy's own would wait for each other in busy loops, and take a third of the time.
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    os.environ.setdefault("MASTER_PORT", str(20000 + os.getpid() % 20000))
    processes.spawn(work_on, (stage, folder, resumed), stage.workers)
    if not Path(stage.output).exists():
        # Asked to stop: what follows would begin from weights that are not there.
        sys.exit(0)


def work_on(rank: int, stage: Stage, folder: RunFolder, resumed: bool) -> None:
    torch.set_num_threads(1)
    team, settings = Team(rank, stage.workers), stage.settings
    if team.size > 1:
        together.init_process_group("gloo", rank=rank, world_size=team.size)
    base = open_base(stage.base, settings.image_size)
    source = SceneSource(settings, base.network.image_size, range(rank * settings.batch, (rank + 1) * settings.batch), settings.batch * team.size)
    things = spread(things_of(read_dataset(stage.check).of("val")), settings.check_objects)[rank :: team.size]
    cutter = Cutter(settings.sigma, stage.check_size, settings.seed)
    trainer = Trainer(base, source, lambda network, _: checked(network, cutter, things), settings, folder, torch.device("cpu"), team)
    if resumed:
        trainer.resume()
    if trainer.fit() == "steps" and team.leads:
        finish(stage, trainer, base.network, base.metadata | {"masklet.base_sha256": base.sha256})


def finish(stage: Stage, trainer: Trainer, network: Network, metadata: dict[str, Any]) -> None:
    network.load_state_dict(trainer.run.load_best())
    if network.image_size != stage.check_size:
        network = sized(network, stage.check_size)
    best = max(trainer.curves, key=lambda row: row["dice"])
    kept = {key: value for key, value in metadata.items() if key in ("masklet.licence", "masklet.base_sha256")}
    said = kept | {"masklet.name": "masklet-sam2", "masklet.seed": str(stage.settings.seed), "masklet.steps": str(best["step"])}
    write_curves(Path(stage.output).with_suffix(""), trainer.curves)
    save_weights(stage.output, network, said, torch.float16)
    say("done", output=stage.output, stage=stage.name, best=best)


def checked(network: Network, cutter: Cutter, things: list[Thing]) -> dict[str, float]:
    whole = network if cutter.side == network.image_size else sized(network, cutter.side)
    return held_out_dice(whole, lambda inputs: encode(whole, inputs), cutter, things, CHECK_CLIP)


def sized(network: Network, side: int) -> Network:
    """The same weights for another input: positions are interpolated, or counted."""
    other = build(replace(network.size, image_size=side))
    other.load_state_dict(network.state_dict())
    return other


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Fault as fault:
        say("error", code=fault.code, details=fault.details)
        sys.exit(3)
