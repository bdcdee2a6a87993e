"""The training card: what somebody who is handed the weights must know."""
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from curves import NAMES

PACKAGES = ("torch", "sam2", "numpy", "tifffile", "safetensors")
PARTS = {
    "decoder": "mask decoder and prompt encoder; the image encoder and the memory are the base's",
    "memory": "mask decoder, prompt encoder, memory attention, memory encoder and object pointers; the image encoder is the base's",
    "all": "the whole network",
}


def training_card(about: dict[str, Any]) -> str:
    """@param about a dict of what finetune.py gathered @returns Markdown"""
    dataset, settings = about["dataset"], about["settings"]
    counts = about["counts"]
    unchanged = " (the base's: no check was better)" if about["best_step"] == 0 else ""
    lines = [
        f"# {about['output']}", "",
        f"SAM 2 weights ({about['family']}, input {about['image_size']} pixels), fine-tuned from `{about['base_name']}`.", "",
        "| | |", "| --- | --- |",
        f"| base, SHA-256 | `{about['base_sha256']}` |", f"| base's licence | {about['base_licence'] or 'not stated'} |",
        f"| training set | {dataset.name}, {dataset.dimensions}D |", f"| set, SHA-256 | `{dataset.sha256}` |",
        f"| set's licence | {dataset.licence or 'not stated'} |",
        *[f"| {split} | {counts[split][0]} items, {counts[split][1]} objects |" for split in ("train", "val", "test")],
        f"| trained | {settings.train}: {PARTS[settings.train]} |",
        f"| ended | after step {about['step']} of {settings.steps} ({about['ended']}), weights of the best check, step {about['best_step']}{unchanged} |", "",
        f"## Held-out Dice, {about['held_split']} ({about['held_objects']} objects)", "",
        "| asked with | before | after |", "| --- | --- | --- |",
        *[f"| {NAMES[kind]} | {about['before'][kind]:.4f} | {about['after'][kind]:.4f} |" for kind in about["after"]], "",
        "Boxes are those of the true masks, clicks lie in their middle; clips are followed both ways from the plane that shows most of the object.",
    ]
    if about["held_split"] == "val":
        lines += ["", "The set has no test split, so these are the objects that the best step was chosen by: expect a little less on others."]
    lines += ["", "## Settings", "", "| | |", "| --- | --- |", *[f"| {name} | {value} |" for name, value in settings.to_json().items() if value is not None]]
    lines += ["", "## Made with", "", ", ".join([f"Python {platform.python_version()}", *[f"{name} {said_version(name)}" for name in PACKAGES], f"on {about['device']}"]) + ".", ""]
    lines += ["## Limits", "",
              "- Learnt from one set: on images of another instrument, contrast or object the base may do better. Look before you trust.",
              "- The view it learnt from is Masklet's: the source's range, a Gaussian of the sigma above, a window about four times the object's size.",
              *(["- Learnt on single planes: objects were not followed in training, and the numbers for clips say what that does to following."] if about["clip"] <= 1 else []),
              *(["- The planes of a 2D set have no neighbours, so the Gaussian smooths in the plane alone, where the server smooths in space."] if dataset.dimensions == 2 else [])]
    return "\n".join(lines) + "\n"


def said_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"
