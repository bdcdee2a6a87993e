"""Held-out Dice, as a person would get it from the server: from one box or one click, on single planes and through clips, in plane pixels."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from decoding import choose, conditioned_by_memory, decode, no_points, remembered, without_memory
from features import Seen
from fill_holes import without_small_holes
from network import Network
from objects import Cutter, Thing
from prompts import BOTTOM_RIGHT, TOP_LEFT, middle_pixel
from scenes.window import Box, Window, box_of
from views import plane_mask

# Pictures [B, 3, S, S] on the CPU to their features.
Encoder = Callable[[torch.Tensor], Seen]

# Planes in a row without the object that are borne; the next ends it (models/sam2/stop-rules.ts).
PATIENCE = 2


@dataclass
class Agreement:
    """Voxels in common and of both, for the Dice coefficient."""

    both: int = 0
    sum: int = 0

    def add(self, found: np.ndarray, truth_inside: np.ndarray, truth_area: int) -> None:
        """@param truth_area of the whole plane: what lies outside the window is missed"""
        self.both += int((found & truth_inside).sum())
        self.sum += int(found.sum()) + truth_area

    def dice(self) -> float:
        return 2 * self.both / self.sum if self.sum > 0 else 1.0


@torch.no_grad()
def held_out_dice(network: Network, features_of: Encoder, cutter: Cutter, things: list[Thing], clip: int, most: int | None = None) -> dict[str, float]:
    """
    @param features_of inputs -> Seen @param clip planes to follow each way; 1 looks at single planes alone
    @returns mean Dice by prompt kind: box, click, and with clips clip_box, clip_click
    """
    was = network.training
    network.eval()
    chosen = spread(things, most)
    kinds: dict[str, list[float]] = {"box": [], "click": [], **({"clip_box": [], "clip_click": []} if clip > 1 else {})}
    for thing in chosen:
        for prompt in ("box", "click"):
            single, volume = answers(network, features_of, cutter, thing, prompt, clip)
            kinds[prompt].append(single)
            if clip > 1:
                kinds[f"clip_{prompt}"].append(volume)
    network.train(was)
    return {kind: float(np.mean(values)) for kind, values in kinds.items() if values}


def spread(things: list[Thing], most: int | None) -> list[Thing]:
    """At most so many, evenly over the set."""
    if most is None or len(things) <= most:
        return things
    return [things[int(at)] for at in np.linspace(0, len(things) - 1, most)]


def answers(network: Network, features_of: Encoder, cutter: Cutter, thing: Thing, prompt: str, clip: int) -> tuple[float, float]:
    """@returns Dice on the plane that shows most of the object, and of all planes followed from there both ways"""
    start = thing.largest()
    window, side = prompt_window(network, features_of, cutter, thing, start, prompt)
    mask, _, memory = prompted_plane(network, features_of, cutter, thing, start, window, prompt)
    single = Agreement()
    compare(single, cutter, thing, start, window, mask)
    if clip <= 1:
        return single.dice(), single.dice()
    whole = Agreement(single.both, single.sum)
    for way in (1, -1):
        left = [start + way * nth for nth in range(1, clip) if 0 <= start + way * nth < thing.planes]
        for plane, found, seen in tracked(network, features_of, cutter, thing, start, way, clip, window, side, mask, memory):
            compare(whole, cutter, thing, plane, seen, found)
            left.remove(plane)
        # What lies beyond the end that was found is missed.
        whole.sum += sum(int((cutter.read(thing.item)[1][plane] == thing.id).sum()) for plane in left)
    return single.dice(), whole.dice()


def compare(agreement: Agreement, cutter: Cutter, thing: Thing, plane: int, window: Window, found: np.ndarray) -> None:
    _, truth = cutter.seen(thing, plane, window)
    agreement.add(found, truth, int((cutter.read(thing.item)[1][plane] == thing.id).sum()))


def prompt_of(cutter: Cutter, thing: Thing, plane: int, prompt: str) -> tuple[np.ndarray, np.ndarray]:
    """What a person says: corners or a click, in corner coordinates of the plane, [n, 2], and labels"""
    if prompt == "box":
        return np.array(thing.boxes[plane], np.float64).reshape(2, 2), np.array([TOP_LEFT, BOTTOM_RIGHT])
    return (middle_pixel(cutter.read(thing.item)[1][plane] == thing.id) + 0.5)[None].astype(np.float64), np.array([1])


def prompt_window(network: Network, features_of: Encoder, cutter: Cutter, thing: Thing, plane: int, prompt: str) -> tuple[Window, int]:
    """As server/segmentation/first-look.ts: a click is answered once in a wide window, and the mask found there sets the window to keep."""
    if prompt == "box":
        return cutter.window(thing, plane)
    (click,), _ = prompt_of(cutter, thing, plane, prompt)
    wide, side = cutter.around_click(thing, click)
    found = on_plane(prompted_plane(network, features_of, cutter, thing, plane, wide, prompt)[0], wide)
    return (wide, side) if found is None else cutter.around(thing, found)


def prompted_plane(network: Network, features_of: Encoder, cutter: Cutter, thing: Thing, plane: int, window: Window, prompt: str) -> tuple[np.ndarray, float, dict[str, Any]]:
    """@returns the mask on the window's pixels, the network's own estimate of its overlap, and what is remembered"""
    picture, _ = cutter.input(thing, plane, window)
    shape = cutter.seen(thing, plane, window)[0].shape
    seen = features_of(picture[None])
    where, labels = prompt_of(cutter, thing, plane, prompt)
    points = (where - window[:2]) * network.image_size / np.array([shape[1], shape[0]]) - 0.5
    masks, ious, tokens, _ = decode(network, without_memory(network, seen), seen, points[None], labels[None])
    mask, token = choose(masks, ious, prompt == "click")
    logits = without_small_holes(masks[0, mask[0]])
    # A person's prompt is never answered with "not there".
    memory = remembered(network, seen, logits[None, None], tokens[:, token[0]], torch.ones(1, 1, device=logits.device), True)
    return plane_mask(logits, shape), float(ious[0, mask[0]]), rounded(memory)


def tracked(network: Network, features_of: Encoder, cutter: Cutter, thing: Thing, start: int, way: int, clip: int, window: Window, side: int, mask: np.ndarray, memory: dict[str, Any]) -> Iterator[tuple[int, np.ndarray, Window]]:
    """Follows the object plane by plane to its end; the window follows what was found. Yields plane, mask on the window's pixels, window."""
    absences = 0 if mask.any() else PATIENCE + 1
    memories = {"cond_frame_outputs": {0: memory}, "non_cond_frame_outputs": {}}
    for nth in range(1, clip):
        plane = start + way * nth
        if not 0 <= plane < thing.planes or absences > PATIENCE:
            return
        picture, _ = cutter.input(thing, plane, window)
        seen = features_of(picture[None])
        conditioned = conditioned_by_memory(network, seen, memories, nth)
        masks, ious, tokens, score = decode(network, conditioned, seen, *no_points(1))
        taken, _ = choose(masks, ious, True)
        shown = (score > 0).float()
        logits = masks[0, taken[0]]
        memories["non_cond_frame_outputs"][nth] = rounded(remembered(network, seen, logits[None, None], tokens[:, taken[0]], shown, False))
        shape = cutter.seen(thing, plane, window)[0].shape
        mask = plane_mask(without_small_holes(logits), shape) if bool(shown[0, 0]) else np.zeros(shape, bool)
        absences = 0 if mask.any() else absences + 1
        yield plane, mask, window
        window = cutter.followed(thing, on_plane(mask, window), window, side)


def on_plane(mask: np.ndarray, window: Window) -> Box | None:
    box = box_of(mask)
    return None if box is None else (box[0] + window[0], box[1] + window[1], box[2] + window[0], box[3] + window[1])


def rounded(memory: dict[str, Any]) -> dict[str, Any]:
    """Memories are kept in bfloat16."""
    return {**memory, "maskmem_features": memory["maskmem_features"].bfloat16().float()}
