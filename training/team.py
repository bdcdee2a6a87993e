"""Processes that learn one batch together: each has some of its rows, and all step by the mean of their gradients, so their weights stay equal."""
import torch
import torch.distributed as together
from torch import Tensor


class Team:
    """@param rank of this process @param size of the team; more than one needs `torch.distributed` to be begun"""

    def __init__(self, rank: int, size: int) -> None:
        self.rank, self.size = rank, size

    @property
    def leads(self) -> bool:
        """Who checks, writes and speaks."""
        return self.rank == 0

    @torch.no_grad()
    def agree(self, parameters: list[Tensor], stopped: bool) -> bool:
        """Gives all the mean gradient. @returns whether any wants to stop, so that all stop after the same step"""
        if self.size == 1:
            return stopped
        flat = torch.cat([*(torch.zeros_like(one).flatten() if one.grad is None else one.grad.flatten() for one in parameters), torch.tensor([float(stopped)])])
        together.all_reduce(flat)
        at = 0
        for one in parameters:
            one.grad = (flat[at : at + one.numel()] / self.size).view_as(one)
            at += one.numel()
        return bool(flat[-1] > 0)

    def mean(self, values: list[float]) -> list[float]:
        if self.size == 1:
            return values
        sums = torch.tensor(values, dtype=torch.float64)
        together.all_reduce(sums)
        return (sums / self.size).tolist()


ALONE = Team(0, 1)
