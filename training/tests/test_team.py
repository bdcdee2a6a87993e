import json
import sys
import tempfile
import unittest
from pathlib import Path

import torch
import torch.distributed as together
import torch.multiprocessing as processes

sys.path.insert(0, str(Path(__file__).parents[1]))
from team import ALONE, Team  # noqa: E402


def work(rank, folder):
    """One of two: what it holds after each step, as JSON."""
    torch.set_num_threads(1)
    together.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
    team, told = Team(rank, 2), []
    for step in range(2):
        parameters = [torch.zeros(3), torch.zeros(2, 1)]
        parameters[0].grad = torch.tensor([1.0, 2.0, 3.0]) * (1 + 2 * rank)
        if rank == 1:
            parameters[1].grad = torch.tensor([[4.0], [-2.0]])
        stopped = team.agree(parameters, rank == 1 and step == 1)
        told.append([stopped, *(one.grad.tolist() for one in parameters)])
    (Path(folder) / f"{rank}.json").write_text(json.dumps({"leads": team.leads, "steps": told, "mean": team.mean([float(rank), 10.0])}))


class Teams(unittest.TestCase):
    def test_two_processes_step_by_the_mean_gradient_and_stop_after_the_same_step(self):
        with tempfile.TemporaryDirectory() as folder:
            processes.spawn(work, (folder,), 2)
            told = [json.loads((Path(folder) / f"{rank}.json").read_text()) for rank in (0, 1)]
        mean = [[2.0, 4.0, 6.0], [[2.0], [-1.0]]]
        for rank, one in enumerate(told):
            self.assertEqual(one, {"leads": rank == 0, "steps": [[False, *mean], [True, *mean]], "mean": [0.5, 10.0]})

    def test_alone_nothing_changes(self):
        parameter = torch.zeros(2)
        self.assertEqual((ALONE.agree([parameter], False), ALONE.agree([parameter], True), parameter.grad, ALONE.mean([3.0])), (False, True, None, [3.0]))


if __name__ == "__main__":
    unittest.main()
