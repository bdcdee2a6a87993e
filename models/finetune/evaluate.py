"""Held-out Dice, as a person would get it from the server: from one box or one click, on single planes and through clips, in plane pixels."""
from dataclasses import dataclass

import numpy as np
import torch

from decoding import choose, conditioned_by_memory, decode, no_points, remembered, without_memory
from prompts import BOTTOM_RIGHT, TOP_LEFT, middle_pixel
from views import box_of, plane_mask


@dataclass
class Agreement:
    """Voxels in common and of both, for the Dice coefficient."""

    both: int = 0
    sum: int = 0

    def add(self, found, truth_inside, truth_area):
        """@param truth_area of the whole plane: what lies outside the window is missed"""
        self.both += int((found & truth_inside).sum())
        self.sum += int(found.sum()) + truth_area

    def dice(self):
        return 2 * self.both / self.sum if self.sum > 0 else 1.0


@torch.no_grad()
def held_out_dice(network, features_of, cutter, things, clip, most=None):
    """
    @param features_of inputs -> Seen @param clip planes to follow each way; 1 looks at single planes alone
    @returns mean Dice by prompt kind: box, click, and with clips clip_box, clip_click
    """
    was = network.training
    network.eval()
    chosen = spread(things, most)
    kinds = {"box": [], "click": [], **({"clip_box": [], "clip_click": []} if clip > 1 else {})}
    for thing in chosen:
        for prompt in ("box", "click"):
            single, volume = answers(network, features_of, cutter, thing, prompt, clip)
            kinds[prompt].append(single)
            if clip > 1:
                kinds[f"clip_{prompt}"].append(volume)
    network.train(was)
    return {kind: float(np.mean(values)) for kind, values in kinds.items() if values}


def spread(things, most):
    """At most so many, evenly over the set."""
    if most is None or len(things) <= most:
        return things
    return [things[int(at)] for at in np.linspace(0, len(things) - 1, most)]


def answers(network, features_of, cutter, thing, prompt, clip):
    """@returns Dice on the plane that shows most of the object, and of all planes followed from there both ways"""
    start = thing.largest()
    window, side = cutter.window(thing, start)
    mask, _, memory = prompted_plane(network, features_of, cutter, thing, start, window, prompt)
    single = Agreement()
    compare(single, cutter, thing, start, window, mask)
    if clip <= 1:
        return single.dice(), single.dice()
    whole = Agreement(single.both, single.sum)
    for way in (1, -1):
        for plane, found, seen in tracked(network, features_of, cutter, thing, start, way, clip, window, side, mask, memory):
            compare(whole, cutter, thing, plane, seen, found)
    return single.dice(), whole.dice()


def compare(agreement, cutter, thing, plane, window, found):
    _, truth = cutter.seen(thing, plane, window)
    agreement.add(found, truth, int((cutter.read(thing.item)[1][plane] == thing.id).sum()))


def prompt_points(prompt, mask, side):
    """A box or a click in the middle, on the window's own pixels, as model pixels. @param mask bool of the window"""
    scale = side / np.array([mask.shape[1], mask.shape[0]], np.float64)
    if prompt == "box":
        corners = np.array(box_of(mask), np.float64).reshape(2, 2)
        return (corners * scale - 0.5)[None], np.array([[TOP_LEFT, BOTTOM_RIGHT]])
    return ((middle_pixel(mask) + 0.5) * scale - 0.5)[None, None], np.array([[1]])


def prompted_plane(network, features_of, cutter, thing, plane, window, prompt):
    """@returns the mask on the window's pixels, the network's own estimate of its overlap, and what is remembered"""
    picture, _ = cutter.input(thing, plane, window)
    _, truth = cutter.seen(thing, plane, window)
    seen = features_of(picture[None])
    points, labels = prompt_points(prompt, truth, network.image_size)
    masks, ious, tokens, _ = decode(network, without_memory(network, seen), seen, points, labels)
    mask, token = choose(masks, ious, prompt == "click")
    logits = masks[0, mask[0]]
    # A person's prompt is never answered with "not there".
    memory = remembered(network, seen, logits[None, None], tokens[:, token[0]], torch.ones(1, 1, device=logits.device), True)
    return plane_mask(logits, truth.shape), float(ious[0, mask[0]]), rounded(memory)


def tracked(network, features_of, cutter, thing, start, way, clip, window, side, mask, memory):
    """Follows the object plane by plane; the window follows what was found. Yields plane, mask on the window's pixels, window."""
    memories = {"cond_frame_outputs": {0: memory}, "non_cond_frame_outputs": {}}
    for nth in range(1, clip):
        plane = start + way * nth
        if not 0 <= plane < thing.planes:
            return
        window = cutter.followed(thing, on_plane(mask, window), window, side)
        picture, _ = cutter.input(thing, plane, window)
        seen = features_of(picture[None])
        conditioned = conditioned_by_memory(network, seen, memories, nth)
        masks, ious, tokens, score = decode(network, conditioned, seen, *no_points(1))
        taken, _ = choose(masks, ious, True)
        shown = (score > 0).float()
        logits = masks[0, taken[0]]
        memories["non_cond_frame_outputs"][nth] = rounded(remembered(network, seen, logits[None, None], tokens[:, taken[0]], shown, False))
        shape = cutter.seen(thing, plane, window)[0].shape
        mask = plane_mask(logits, shape) if bool(shown[0, 0]) else np.zeros(shape, bool)
        yield plane, mask, window


def on_plane(mask, window):
    box = box_of(mask)
    return None if box is None else (box[0] + window[0], box[1] + window[1], box[2] + window[0], box[3] + window[1])


def rounded(memory):
    """Memories are kept in bfloat16."""
    return {**memory, "maskmem_features": memory["maskmem_features"].bfloat16().float()}
