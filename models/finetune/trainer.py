"""The training itself. A step's draws come from (seed, step) alone, so that a run that was stopped goes on exactly as one that was not."""
import math
import random
import signal
import time
from typing import NoReturn

import numpy as np
import torch
from torch import Tensor

from checkpoint import Base
from evaluate import held_out_dice
from faults import Fault, say
from features import FeatureStore, Seen, encode
from learning import Sum, learn_clips, learn_planes
from objects import Cutter, Thing
from optimizer import optimizer_of, rate_at, trained_parts
from run_folder import RunFolder
from settings import Settings

SAID_EVERY_S = 0.5


class Trainer:
    """@param base a Base @param train, held Things @param run a RunFolder @param clip planes of a clip, 1 for single planes"""

    def __init__(self, base: Base, cutter: Cutter, train: list[Thing], held: list[Thing], settings: Settings, run: RunFolder, device: torch.device, clip: int) -> None:
        self.network, self.cutter, self.train, self.held = base.network.to(device), cutter, train, held
        self.settings, self.run, self.device, self.clip = settings, run, torch.device(device), clip
        self.frozen_encoder = settings.train != "all"
        self.parts = trained_parts(self.network, settings.train)
        self.optimizer = optimizer_of(self.network, settings)
        self.store = FeatureStore(self.network, run.features, self.device) if self.frozen_encoder else None
        self.average = [one.detach().clone() for one in self.trained()] if settings.ema > 0 else None
        self.half = settings.precision == "bf16" or (settings.precision == "auto" and self.device.type == "cuda")
        self.step, self.best, self.since_best, self.stopped = 0, -1.0, 0, False
        self.curves: list[dict[str, float]] = []

    def trained(self) -> list[Tensor]:
        return [one for one in self.network.parameters() if one.requires_grad]

    def resume(self) -> None:
        """From the newest checkpoint; from the beginning where there is none."""
        state = self.run.load_last()
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.best, self.since_best, self.curves = state["step"], state["best"], state["since_best"], state["curves"]
        if self.average is not None:
            self.average = [one.to(self.device) for one in state["average"]]

    def checkpoint(self) -> None:
        self.run.save(self.step, {
            "network": self.network.state_dict(), "optimizer": self.optimizer.state_dict(), "average": self.average or [],
            "step": self.step, "best": self.best, "since_best": self.since_best, "curves": self.curves})
        say("saved", step=self.step)

    def fit(self) -> str:
        """@returns why it ended: steps, patience or cancelled. @raises Fault finetune_diverged"""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: setattr(self, "stopped", True))
        begun, first, said = time.monotonic(), self.step, -math.inf
        if self.step == 0:
            self.check(float("nan"))
        recent = []
        while self.step < self.settings.steps:
            loss, overlap = self.one_step()
            self.step += 1
            recent.append(loss)
            now = time.monotonic()
            if now - said > SAID_EVERY_S or self.step == self.settings.steps:
                left = (now - begun) / (self.step - first) * (self.settings.steps - self.step)
                said = now
                say("step", step=self.step, steps=self.settings.steps, loss=round(loss, 5), overlap=None if math.isnan(overlap) else round(overlap, 4), dice=round(self.best, 4), secondsLeft=round(left))
            if self.stopped:
                self.checkpoint()
                return "cancelled"
            if self.step % self.settings.check_every == 0 or self.step == self.settings.steps:
                self.check(float(np.mean(recent)))
                recent = []
                if self.since_best >= self.settings.patience:
                    return "patience"
                if self.stopped:
                    return "cancelled"
        return "steps"

    def one_step(self) -> tuple[float, float]:
        rng = self.reseed()
        self.set_modes()
        for group in self.optimizer.param_groups:
            group["lr"] = group["highest"] * rate_at(self.step, self.settings)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
            total = self.pass_over(rng)
        if not bool(torch.isfinite(total.loss.detach())):
            self.diverged("the loss is not a number")
        self.optimizer.zero_grad(set_to_none=True)
        total.loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.trained(), self.settings.clip_norm)
        if not bool(torch.isfinite(norm)):
            self.diverged("its gradient is not a number")
        self.optimizer.step()
        if self.average is not None:
            with torch.no_grad():
                for kept, now in zip(self.average, self.trained()):
                    kept.lerp_(now, 1 - self.settings.ema)
        overlaps = [one for one in total.overlaps if not math.isnan(one)]
        return float(total.loss.detach()) / max(1, total.passes), float(np.mean(overlaps)) if overlaps else float("nan")

    def diverged(self, why: str) -> NoReturn:
        kept = self.run.steps()
        raise Fault("finetune_diverged", step=self.step + 1, why=why, kept=str(kept[-1] if kept else self.run.folder))

    def reseed(self) -> np.random.Generator:
        """Everything that draws: ours, dropout, and what libraries may use."""
        seed = [self.settings.seed, self.step]
        torch.manual_seed(int(np.random.SeedSequence(seed).generate_state(1)[0]))
        random.seed(str(seed))
        return np.random.default_rng(seed)

    def set_modes(self) -> None:
        """Dropout only in what learns."""
        self.network.eval()
        self.network.training = True
        for part in self.parts:
            part.train()

    def pass_over(self, rng: np.random.Generator) -> Sum:
        things = self.turn_of(self.settings.batch)
        variants = [int(rng.integers(self.settings.variants)) for _ in things]
        if self.clip <= 1:
            planes = [sorted(thing.boxes)[int(rng.integers(len(thing.boxes)))] for thing in things]
            clips = [self.cutter.clip(thing, plane, 1, 1, variant) for thing, plane, variant in zip(things, planes, variants)]
        else:
            begins = [thing.starts(self.clip)[int(rng.integers(len(thing.starts(self.clip))))] for thing in things]
            clips = [self.cutter.clip(thing, plane, way, self.clip, variant) for thing, (plane, way), variant in zip(things, begins, variants)]
        inputs, targets = torch.cat([one.inputs for one in clips]), torch.stack([one.targets for one in clips]).to(self.device)
        seen = self.store.of(inputs) if self.store is not None else encode(self.network, inputs.to(self.device))
        if self.clip <= 1:
            return learn_planes(self.network, rng, seen, targets[:, 0], self.settings)
        return learn_clips(self.network, rng, seen, targets, self.settings)

    def turn_of(self, count: int) -> list[Thing]:
        """The next objects of an endless order in which all take turns, shuffled each round."""
        places = range(self.step * count, (self.step + 1) * count)
        rounds = {place // len(self.train) for place in places}
        orders = {round_: np.random.default_rng([self.settings.seed, 7, round_]).permutation(len(self.train)) for round_ in sorted(rounds)}
        return [self.train[int(orders[place // len(self.train)][place % len(self.train)])] for place in places]

    def check(self, loss: float) -> None:
        """Held-out Dice, the best weights so far, and a checkpoint."""
        with self.averaged():
            dice = held_out_dice(self.network, self.seen, self.cutter, self.held, self.clip, self.settings.check_objects)
            mean = float(np.mean(list(dice.values())))
            better = mean > self.best
            self.best, self.since_best = (mean, 0) if better else (self.best, self.since_best + 1)
            if better:
                self.run.save_best(self.network.state_dict())
        self.curves.append({"step": self.step, "loss": loss, "dice": mean, **dice})
        self.checkpoint()
        say("checked", step=self.step, dice=round(mean, 4), kinds={kind: round(value, 4) for kind, value in dice.items()}, best=round(self.best, 4))

    def seen(self, inputs: Tensor) -> Seen:
        return self.store.of(inputs) if self.store is not None else encode(self.network, inputs.to(self.device))

    def averaged(self) -> "Swapped":
        """The averaged weights in the network's place, where there are any."""
        return Swapped(self.trained(), self.average or [])


class Swapped:
    def __init__(self, own: list[Tensor], other: list[Tensor]) -> None:
        self.own, self.other = own, other

    @torch.no_grad()
    def __enter__(self) -> None:
        self.kept = [one.detach().clone() for one in self.own] if self.other else []
        for one, value in zip(self.own, self.other):
            one.copy_(value)

    @torch.no_grad()
    def __exit__(self, *_: object) -> None:
        for one, value in zip(self.own, self.kept):
            one.copy_(value)
