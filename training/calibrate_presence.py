"""
Sets how sure a network must be to go on: shifts its object score until objects of training scenes, followed to their end from one box, are found best.
Training shows absence seldom and takes it from the truth, so what comes out of it is too ready to see the object.

    python calibrate_presence.py IN.safetensors OUT.safetensors --work FOLDER [--shift S]      # with --shift nothing is tried
"""
import argparse
from pathlib import Path

import numpy as np
import torch

from checkpoint import open_base, save_weights
from dataset import read_dataset
from evaluate import answers
from faults import say
from features import encode
from network import Network
from objects import Cutter, Thing, things_of
from scenes.write_set import write_set

SHIFTS = (0.0, 1.0, 2.0, 3.0, 4.0)
# Far from the seeds of the rounds.
FIRST_SEED, SCENES, OBJECTS_OF_SCENE = 5_000_000, 18, 2
LEAST_PLANES, LEAST_VOXELS, FOLLOWED = 5, 150, 40


def last_bias(network: Network) -> torch.nn.Parameter:
    return [part for part in network.sam_mask_decoder.pred_obj_score_head.modules() if isinstance(part, torch.nn.Linear)][-1].bias


def drawn_things(folder: Path) -> list[Thing]:
    if not (folder / "dataset.json").exists():
        write_set(folder, FIRST_SEED, SCENES, validation=False)
    rng, drawn = np.random.default_rng(0), []
    for item in read_dataset(folder).items:
        things = [thing for thing in things_of([item]) if len(thing.areas) >= LEAST_PLANES and sum(thing.areas.values()) >= LEAST_VOXELS]
        drawn += [things[at] for at in rng.permutation(len(things))[:OBJECTS_OF_SCENE]]
    return drawn


@torch.no_grad()
def best_shift(network: Network, things: list[Thing]) -> float:
    """@returns of SHIFTS, the one with the best mean Dice of whole objects"""
    cutter, bias = Cutter(1.0, network.image_size, 1), last_bias(network)
    before, found = bias.clone(), {}
    for shift in SHIFTS:
        bias.copy_(before - shift)
        found[shift] = float(np.mean([answers(network, lambda inputs: encode(network, inputs), cutter, thing, "box", FOLLOWED)[1] for thing in things]))
        say("note", text=f"object score less {shift}: mean Dice {found[shift]:.3f} of {len(things)} objects")
    bias.copy_(before)
    return max(found, key=lambda shift: found[shift])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("weights")
    parser.add_argument("out")
    parser.add_argument("--work", required=True, help="folder for the scenes")
    parser.add_argument("--shift", type=float)
    asked = parser.parse_args()
    base = open_base(asked.weights)
    shift = best_shift(base.network, drawn_things(Path(asked.work))) if asked.shift is None else asked.shift
    with torch.no_grad():
        last_bias(base.network).sub_(shift)
    own = {key: value for key, value in base.metadata.items() if key.startswith("masklet.")}
    save_weights(asked.out, base.network, own | {"masklet.presence_shift": str(shift)}, torch.float16)
    say("note", text=f"written with the object score less {shift}")


if __name__ == "__main__":
    main()
