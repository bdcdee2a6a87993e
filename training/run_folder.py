"""The folder of one run: run.json (what it is), checkpoints/ (the last two, and the best weights), curves.csv, features/. Every file is whole at
every moment, so a run that is killed loses what came after its last checkpoint and nothing else."""
import io
import json
from pathlib import Path
from typing import Any

import torch

from checkpoint import write_whole
from faults import Fault

KEPT = 2


class RunFolder:
    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.checkpoints = self.folder / "checkpoints"
        self.features = self.folder / "features"

    def begin(self, what: dict[str, Any]) -> None:
        """@param what JSON: settings, set and base. @raises Fault finetune_resume when another run is here"""
        if (self.folder / "run.json").exists():
            raise Fault("finetune_resume", folder=str(self.folder), why="there is a run here already; go on with it (--resume), or give another --output")
        write_whole(self.folder / "run.json", json.dumps(what, indent=1) + "\n")

    def described(self) -> dict[str, Any]:
        """@raises Fault finetune_resume"""
        try:
            return json.loads((self.folder / "run.json").read_text())
        except (OSError, ValueError) as error:
            raise Fault("finetune_resume", folder=str(self.folder), why="it has no run.json that can be read") from error

    def save(self, step: int, state: dict[str, Any]) -> None:
        write_whole(self.checkpoints / f"step-{step:08d}.pt", saved(state))
        for old in self.steps()[:-KEPT]:
            old.unlink(missing_ok=True)

    def save_best(self, weights: dict[str, Any]) -> None:
        write_whole(self.checkpoints / "best.pt", saved(weights))

    def steps(self) -> list[Path]:
        return sorted(self.checkpoints.glob("step-*.pt"))

    def load_last(self) -> dict[str, Any] | None:
        """The newest that can be read, or None."""
        for path in reversed(self.steps()):
            try:
                return torch.load(path, map_location="cpu", weights_only=True)
            except Exception:  # A damaged disk: the one before is still good.
                continue
        return None

    def load_best(self) -> dict[str, Any]:
        return torch.load(self.checkpoints / "best.pt", map_location="cpu", weights_only=True)


def saved(value: object) -> bytes:
    held = io.BytesIO()
    torch.save(value, held)
    return held.getvalue()
