"""One pass of training over a batch: single planes, or clips that are followed with the memory. Every draw comes from the generator given."""
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor

from decoding import Memories, best_alternative, conditioned_by_memory, decode, drawn_logits, fed_back, given_mask, no_points, remembered, without_memory
from features import Seen
from losses import enlarged, plane_losses
from network import Network
from prompts import Prompt, correction, first_prompt, together
from scenes import prompts as people
from settings import Settings

# Of the corrections on prompted planes, those that begin from the outline alone.
OUTLINED = 0.3


@dataclass
class Sum:
    """Losses summed over planes and passes, by object; and the mean overlap of each plane's last answer."""

    loss: Any = 0.0
    passes: int = 0
    overlaps: list[float] = field(default_factory=list)

    def add(self, loss: Tensor) -> None:
        self.loss, self.passes = self.loss + loss.sum() / len(loss), self.passes + 1


def learn_planes(network: Network, rng: Generator, seen: Seen, targets: Tensor, settings: Settings) -> Sum:
    """Boxes and clicks on still planes, each corrected by further clicks. @param targets bool [B, S, S], none empty"""
    total = Sum()
    prompts = first_prompts(rng, targets, settings)
    answer(network, rng, total, without_memory(network, seen), seen, targets, prompts, settings, settings.corrections)
    return total


def learn_clips(network: Network, rng: Generator, seen: Seen, targets: Tensor, settings: Settings) -> Sum:
    """
    From the first plane on; the object is on it. At times its mask is given there, else a box or a click, with corrections on one or two
    planes. At times a second plane is prompted too. What was corrected conditions the others.
    @param seen Seen with [B * n] rows, clips after each other @param targets bool [B, n, S, S]
    """
    count, planes = targets.shape[:2]
    rows = torch.arange(count) * planes
    total = Sum()
    memories: Memories = {"cond_frame_outputs": {}, "non_cond_frame_outputs": {}}
    by_mask = rng.random() < settings.mask_part
    # What is remembered is at times the truth: one that is lost early would learn from its own errors alone.
    forced = settings.forced_part > 0 and rng.random() < settings.forced_part
    everywhere = [plane for plane in range(1, planes) if bool(targets[:, plane].flatten(1).any(1).all())]
    prompted = [0] + ([int(rng.choice(everywhere))] if everywhere and rng.random() < settings.second_part else [])
    others = [plane for plane in range(planes) if plane not in prompted]
    corrected = set() if by_mask else set((prompted + [int(one) for one in rng.permutation(others)])[: int(rng.integers(1, 3))])
    for plane in prompted + others:
        now, target = seen.of(rows + plane), targets[:, plane]
        first = plane in prompted
        if first and by_mask:
            memories["cond_frame_outputs"][plane] = given_mask(network, now, target)
            continue
        conditioned = without_memory(network, now) if first else conditioned_by_memory(network, now, memories, plane)
        prompts = first_prompts(rng, target, settings) if first else None
        logits, token = answer(network, rng, total, conditioned, now, target, prompts, settings, settings.corrections if plane in corrected else 0)
        shown = target.flatten(1).any(1).float()[:, None]
        kept = "cond_frame_outputs" if first or plane in corrected else "non_cond_frame_outputs"
        if forced:
            logits = drawn_logits(target)
        memories[kept][plane] = remembered(network, now, logits, token, shown, first or plane in corrected)
    return total


def first_prompts(rng: Generator, targets: Tensor, settings: Settings) -> list[Prompt]:
    """One kind for the whole batch, so that no prompt is padded by another's length."""
    kind = 1.0 if rng.random() < settings.box_part else 0.0
    first = people.first_prompt if settings.prompts == "people" else first_prompt
    return [first(rng, mask, kind) for mask in targets.cpu().numpy()]


def answer(network: Network, rng: Generator, total: Sum, conditioned: Tensor, seen: Seen, target: Tensor, prompts: list[Prompt] | None, settings: Settings, corrections: int) -> tuple[Tensor, Tensor]:
    """
    Decodes, learns, and corrects so many times: with what was answered fed back, as SAM 2; or as the server asks (models/sam2/tracker.ts), by all
    that was said of a prompted plane, or without memory by the outline that was found and what is said from then on.
    @param prompts None on a plane that is tracked
    @returns the last mask's logits and token
    """
    truth = target.cpu().numpy()
    asked = no_points(len(target)) if prompts is None else together(prompts)
    prompts = [] if prompts is None else prompts
    click_on = people.correction if settings.prompts == "people" else correction
    as_server = corrections > 0 and settings.server_part > 0 and rng.random() < settings.server_part
    outlined = as_server and (not prompts or rng.random() < OUTLINED)
    logits: Tensor | None = None
    before: Tensor | None = None
    for _ in range(corrections + 1):
        if logits is not None:
            hit = enlarged(logits.detach(), target.shape[-1])[:, 0] > 0
            if not as_server:
                before = fed_back(logits)
            elif outlined and before is None:
                # The outline stands for all that was said and remembered.
                prompts, before, conditioned = [], drawn_logits(hit), without_memory(network, seen)
            clicks = [click_on(rng, *masks) for masks in zip(truth, hit.cpu().numpy())]
            prompts = [joined(prompts[at] if prompts else None, click) for at, click in enumerate(clicks)]
            asked = together(prompts)
        points = len(prompts[0][1]) if prompts else 0
        masks, ious, tokens, score = decode(network, conditioned, seen, *asked, before)
        # Few points leave open what is meant: the best of three learns. Otherwise the one for clear prompts does.
        ambiguous = points <= 1
        learning = slice(1, 4) if ambiguous else slice(0, 1)
        loss, overlap = plane_losses(masks[:, learning], ious[:, learning], score, target)
        total.add(loss)
        taken = best_alternative(ious) if ambiguous else torch.zeros(len(target), dtype=torch.long, device=masks.device)
        at = torch.arange(len(target), device=masks.device)
        logits, token = masks[at, taken][:, None], tokens[at, taken]
        last = overlap[at, taken - 1 if ambiguous else taken]
    assert logits is not None
    shown = target.flatten(1).any(1)
    total.overlaps.append(float(last[shown].mean()) if bool(shown.any()) else float("nan"))
    return logits, token


def joined(prompt: Prompt | None, click: tuple[np.ndarray, int]) -> Prompt:
    """A prompt with one more click."""
    point, label = click
    if prompt is None:
        return point[None], np.array([label])
    return np.concatenate([prompt[0], point[None]]), np.append(prompt[1], label)
