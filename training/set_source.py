"""What is learned of a training set: its objects take turns, seen on planes or followed through clips."""
import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor

from objects import Cutter, Thing
from settings import Settings


class SetSource:
    """@param clip planes of a clip, 1 for single planes"""

    def __init__(self, cutter: Cutter, things: list[Thing], settings: Settings, clip: int) -> None:
        self.cutter, self.things, self.settings, self.clip = cutter, things, settings, clip

    def batch(self, rng: Generator, step: int) -> tuple[Tensor, Tensor]:
        things = self.turn_of(step, self.settings.batch)
        variants = [int(rng.integers(self.settings.variants)) for _ in things]
        if self.clip <= 1:
            planes = [sorted(thing.boxes)[int(rng.integers(len(thing.boxes)))] for thing in things]
            clips = [self.cutter.clip(thing, plane, 1, 1, variant) for thing, plane, variant in zip(things, planes, variants)]
        else:
            begins = [thing.starts(self.clip)[int(rng.integers(len(thing.starts(self.clip))))] for thing in things]
            clips = [self.cutter.clip(thing, plane, way, self.clip, variant) for thing, (plane, way), variant in zip(things, begins, variants)]
        return torch.cat([one.inputs for one in clips]), torch.stack([one.targets for one in clips])

    def turn_of(self, step: int, count: int) -> list[Thing]:
        """The next objects of an endless order in which all take turns, shuffled each round."""
        places = range(step * count, (step + 1) * count)
        rounds = {place // len(self.things) for place in places}
        orders = {round_: np.random.default_rng([self.settings.seed, 7, round_]).permutation(len(self.things)) for round_ in sorted(rounds)}
        return [self.things[int(orders[place // len(self.things)][place % len(self.things)])] for place in places]
