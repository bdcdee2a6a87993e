"""One run from options to weights: reads the set and the base, trains or goes on, judges, and writes weights, card and curves."""
import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from card import training_card
from checkpoint import Base, open_base, save_weights, write_whole
from curves import write_curves
from dataset import Dataset, read_dataset
from evaluate import held_out_dice
from faults import Fault, say
from features import FeatureStore, encode
from network import Network
from objects import Cutter, Thing, things_of
from run_folder import RunFolder
from set_source import SetSource
from settings import RATES, Settings
from trainer import Judge, Trainer

OWN_OPTIONS = ("steps", "batch", "rate", "seed", "sigma", "clip", "corrections", "variants", "check_every", "check_objects", "patience", "ema", "image_size", "precision")


def run(asked: Namespace) -> None:
    device = device_of(asked.device)
    torch.use_deterministic_algorithms(True, warn_only=True)
    if asked.threads:
        torch.set_num_threads(asked.threads)
    folder, about = resumed(asked) if asked.resume else begun(asked)
    settings = Settings.from_json(about["settings"])
    dataset = read_dataset(about["data"])
    base = open_base(about["base"], settings.image_size)
    unchanged(folder, about, dataset, base)
    things = {split: things_of(dataset.of(split)) for split in ("train", "val", "test")}
    clip, train, held = shares(dataset, things, settings)
    if asked.epochs and not asked.resume:
        settings = replace(settings, steps=max(1, -(-asked.epochs * len(train) // settings.batch)))
    if not asked.resume:
        about = {**about, "settings": settings.to_json(), "data_sha256": dataset.sha256, "base_sha256": base.sha256}
        folder.begin(about)
    cutter = Cutter(settings.sigma, base.network.image_size, settings.seed)
    judge_held: Judge = lambda network, features_of: held_out_dice(network, features_of, cutter, held, clip, settings.check_objects)
    trainer = Trainer(base, SetSource(cutter, train, settings, clip), judge_held, settings, folder, device)
    say("started", train=settings.train, steps=settings.steps, device=str(device), objects=len(train), heldOut=len(held), clip=clip, run=str(folder.folder), dimensions=dataset.dimensions,
        parameters=sum(one.numel() for one in trainer.trained()))
    if asked.resume:
        trainer.resume()
        say("note", text=f"going on after step {trainer.step}")
    ended = trainer.fit()
    if ended == "cancelled":
        say("stopped", step=trainer.step, run=str(folder.folder))
        return
    finish(Path(about["output"]), about, settings, dataset, base, trainer, cutter, clip, things, ended, asked.weights)


def begun(asked: Namespace) -> tuple[RunFolder, dict[str, Any]]:
    for name in ("data", "base", "output"):
        if getattr(asked, name) is None:
            raise Fault("usage", why=f"--{name} is missing.")
    given = {name: value for name in OWN_OPTIONS if (value := getattr(asked, name)) is not None}
    settings = replace(Settings(train=asked.train, rate=RATES[asked.train]), **given)
    output = Path(asked.output).resolve()
    about = {"settings": settings.to_json(), "data": str(Path(asked.data).resolve()), "base": str(Path(asked.base).resolve()), "base_licence": asked.base_licence, "output": str(output)}
    return RunFolder(output.with_suffix(".run")), about


def resumed(asked: Namespace) -> tuple[RunFolder, dict[str, Any]]:
    """Everything as it was begun; more or fewer steps may be asked for."""
    folder = RunFolder(asked.resume)
    about = folder.described()
    if asked.steps is not None:
        about["settings"]["steps"] = asked.steps
        write_whole(folder.folder / "run.json", json.dumps(about, indent=1) + "\n")
    return folder, about


def unchanged(folder: RunFolder, about: dict[str, Any], dataset: Dataset, base: Base) -> None:
    for name, what, found in (("data_sha256", "training set", dataset.sha256), ("base_sha256", "base", base.sha256)):
        if about.get(name, found) != found:
            raise Fault("finetune_resume", folder=str(folder.folder), why=f"the {what} is not the one it was begun with")


def shares(dataset: Dataset, things: dict[str, list[Thing]], settings: Settings) -> tuple[int, list[Thing], list[Thing]]:
    """@returns planes of a clip (1: single planes), the objects to learn from, and those to check by"""
    file = str(dataset.folder / "dataset.json")
    if not things["train"]:
        raise Fault("dataset_invalid", file=file, why="no item of its split `train` shows an object of 16 pixels or more")
    held = things["val"] or things["test"]
    if not held:
        raise Fault("dataset_invalid", file=file, why="it holds nothing back: no item of its splits `val` and `test` shows an object, so nobody could tell whether training helped")
    planes = min(thing.planes for thing in things["train"])
    clip = 1 if settings.train == "decoder" else min(settings.clip, planes)
    if settings.train == "memory" and clip < 2:
        raise Fault("usage", why="--train memory needs clips, and this set has single planes: use --train decoder or all, or make a 3D set (masklet dataset make --dimensions 3).")
    train = things["train"] if clip == 1 else [thing for thing in things["train"] if thing.starts(clip)]
    if not train:
        raise Fault("dataset_invalid", file=file, why=f"no object can be followed through {clip} planes; use a smaller --clip")
    return clip, train, held


def finish(output: Path, about: dict[str, Any], settings: Settings, dataset: Dataset, base: Base, trainer: Trainer, cutter: Cutter, learned_clip: int, things: dict[str, list[Thing]], ended: str, weights: str) -> None:
    """The best weights, judged beside the base on what was held back from both training and choosing, where there is any."""
    split = "test" if things["test"] else "val"
    judged = things[split]
    clip = learned_clip if learned_clip > 1 else min(settings.clip, max(thing.planes for thing in judged))
    say("note", text=f"judging on {len(judged)} objects of {split}")
    tuned = trainer.network
    tuned.load_state_dict(trainer.run.load_best())
    after = judge(tuned, trainer, cutter, judged, clip)
    original = open_base(about["base"], settings.image_size).network.to(trainer.device)
    before = judge(original, trainer, cutter, judged, clip)
    best = max(trainer.curves, key=lambda row: row["dice"])
    metadata = {key: value for key, value in base.metadata.items() if key.startswith("masklet.") and key not in ("masklet.random", "masklet.name")}
    # What the file itself says goes before what is known of it.
    licence = metadata.get("masklet.licence") or about.get("base_licence") or ""
    metadata |= {**({"masklet.licence": licence} if licence else {}), "masklet.base_sha256": base.sha256, "masklet.train": settings.train, "masklet.dataset": dataset.name, "masklet.dataset_sha256": dataset.sha256,
                 "masklet.steps": str(best["step"]), "masklet.seed": str(settings.seed), **({"masklet.dataset_licence": dataset.licence} if dataset.licence else {})}
    save_weights(output, tuned, metadata, torch.float16 if weights == "fp16" else torch.float32)
    write_curves(output.with_suffix(""), trainer.curves)
    card = training_card({
        "output": output.name, "family": "SAM 2.1" if tuned.size.occlusion else "SAM 2.0", "image_size": tuned.image_size, "base_name": base.name,
        "base_sha256": base.sha256, "base_licence": licence, "dataset": dataset, "settings": settings, "step": trainer.step, "ended": ended,
        "best_step": best["step"], "held_split": split, "held_objects": len(judged), "before": before, "after": after, "device": str(trainer.device), "clip": learned_clip,
        "counts": {name: (len(dataset.of(name)), len(held)) for name, held in things.items()}})
    write_whole(output.with_suffix(".md"), card)
    say("done", output=str(output), step=trainer.step, bestStep=best["step"], ended=ended, split=split, objects=len(judged), before=before, after=after)


def judge(network: Network, trainer: Trainer, cutter: Cutter, judged: list[Thing], clip: int) -> dict[str, float]:
    store = FeatureStore(network, trainer.run.features if trainer.frozen_encoder else None, trainer.device)
    return held_out_dice(network, store.of if trainer.frozen_encoder else (lambda inputs: encode(network, inputs.to(trainer.device))), cutter, judged, clip)


def device_of(asked: str) -> torch.device:
    if asked == "cuda" and not torch.cuda.is_available():
        raise Fault("tool_missing", tool="A CUDA device for torch", install="a driver and a torch build with CUDA, or use --device cpu")
    return torch.device("cuda" if asked == "cuda" or (asked == "auto" and torch.cuda.is_available()) else "cpu")
