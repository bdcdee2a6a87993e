"""The training itself. A step's draws come from (seed, step) alone, so that a run that was stopped goes on exactly as one that was not."""
import math
import random
import signal
import time
from collections.abc import Callable
from typing import NoReturn, Protocol

import numpy as np
import torch
from torch import Tensor

from checkpoint import Base
from evaluate import Encoder
from faults import Fault, say
from features import FeatureStore, Seen, encode
from learning import Sum, learn_clips, learn_planes
from network import Network
from optimizer import optimizer_of, rate_at, trained_parts
from run_folder import RunFolder
from settings import Settings
from team import ALONE, Team

SAID_EVERY_S = 0.5
# Mean Dice by the kind of prompt.
Judge = Callable[[Network, Encoder], dict[str, float]]


class Source(Protocol):
    def batch(self, rng: np.random.Generator, step: int) -> tuple[Tensor, Tensor]:
        """@returns inputs [B * n, 3, S, S], clips after each other, and targets bool [B, n, S, S] with the object on every first plane"""


class Trainer:
    """@param source what is learned from @param judge Dice on what is held back @param team who learns the other rows of each batch"""

    def __init__(self, base: Base, source: Source, judge: Judge, settings: Settings, run: RunFolder, device: torch.device, team: Team = ALONE) -> None:
        self.network, self.source, self.judge = base.network.to(device), source, judge
        self.settings, self.run, self.device, self.team = settings, run, torch.device(device), team
        self.frozen_encoder = settings.train != "all"
        self.parts = trained_parts(self.network, settings.train)
        self.optimizer = optimizer_of(self.network, settings)
        self.store = FeatureStore(self.network, run.features, self.device) if self.frozen_encoder else None
        self.average = [one.detach().clone() for one in self.trained()] if settings.ema > 0 else None
        self.half = settings.precision == "bf16" or (settings.precision == "auto" and self.device.type == "cuda")
        self.step, self.best, self.since_best = 0, -1.0, 0
        self.asked_to_stop = self.stopped = False
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
        if not self.team.leads:
            return
        self.run.save(self.step, {
            "network": self.network.state_dict(), "optimizer": self.optimizer.state_dict(), "average": self.average or [],
            "step": self.step, "best": self.best, "since_best": self.since_best, "curves": self.curves})
        say("saved", step=self.step)

    def say(self, event: str, **details: object) -> None:
        if self.team.leads:
            say(event, **details)

    def fit(self) -> str:
        """@returns why it ended: steps, patience or cancelled. @raises Fault finetune_diverged"""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: setattr(self, "asked_to_stop", True))
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
                self.say("step", step=self.step, steps=self.settings.steps, loss=round(loss, 5), overlap=None if math.isnan(overlap) else round(overlap, 4), dice=round(self.best, 4), secondsLeft=round(left))
            if self.stopped:
                self.checkpoint()
                return "cancelled"
            if self.step % self.settings.check_every == 0 or self.step == self.settings.steps:
                self.check(float(np.mean(recent)))
                recent = []
                if self.since_best >= self.settings.patience:
                    return "patience"
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
        # Known to all at the same step; a signal that comes later is heard at the next.
        self.stopped = self.team.agree(self.trained(), self.asked_to_stop)
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
        seed = [self.settings.seed, self.step] + ([self.team.rank] if self.team.size > 1 else [])
        torch.manual_seed(int(np.random.SeedSequence(seed).generate_state(1)[0]))
        random.seed(str(seed))
        return np.random.default_rng(seed)

    def set_modes(self) -> None:
        """Dropout only in what learns, if at all."""
        self.network.eval()
        self.network.training = True
        for part in self.parts if self.settings.dropout else ():
            part.train()

    def pass_over(self, rng: np.random.Generator) -> Sum:
        inputs, targets = self.source.batch(rng, self.step)
        targets, seen = targets.to(self.device), self.seen(inputs)
        if targets.shape[1] == 1:
            return learn_planes(self.network, rng, seen, targets[:, 0], self.settings)
        return learn_clips(self.network, rng, seen, targets, self.settings)

    def check(self, loss: float) -> None:
        """Held-out Dice, the best weights so far, and a checkpoint."""
        with self.averaged():
            dice = self.judge(self.network, self.seen)
            dice = dict(zip(dice, self.team.mean(list(dice.values()))))
            mean = float(np.mean(list(dice.values())))
            better = mean > self.best
            self.best, self.since_best = (mean, 0) if better else (self.best, self.since_best + 1)
            if better and self.team.leads:
                self.run.save_best(self.network.state_dict())
        self.curves.append({"step": self.step, "loss": loss, "dice": mean, **dice})
        self.checkpoint()
        self.say("checked", step=self.step, dice=round(mean, 4), kinds={kind: round(value, 4) for kind, value in dice.items()}, best=round(self.best, 4))

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
