"""
A contact sheet of every kind, to be looked at: for each scene a plane, the same with the objects' outlines, and one along y or x.

    python -m scenes.gallery OUT.png [--seed 1] [--scenes 4] [--kinds platelets,stacks] [--training] [--clips]

With --clips, instead: clips as the network sees them, the object's outline on each plane and the prompt on the first.
"""
import argparse
from itertools import islice

import numpy as np
from PIL import Image, ImageDraw

from .clips import stream
from .kinds import KINDS
from .prompts import POSITIVE, first_prompt
from .scene import VALIDATION_SEEDS, scene

TILE, GAP, TITLE, SIDE = 192, 3, 13, 128
COLORS = np.array([(255, 70, 70), (70, 220, 90), (80, 150, 255), (255, 210, 50), (240, 90, 240), (60, 230, 230), (255, 150, 50), (180, 255, 120)], np.uint8)


def shown(plane, low, high):
    return np.uint8(np.clip((plane - low) / max(high - low, 1e-9), 0, 1) * 255)


def outlined(plane, labels):
    """RGB, the inner border of each object in its colour."""
    padded = np.pad(labels, 1, mode="edge")
    inner = padded[1:-1, 1:-1]
    border = (inner != 0) & ((inner != padded[:-2, 1:-1]) | (inner != padded[2:, 1:-1]) | (inner != padded[1:-1, :-2]) | (inner != padded[1:-1, 2:]))
    picture = np.repeat(plane[..., None], 3, 2)
    picture[border] = COLORS[labels[border] % len(COLORS)]
    return picture


def tiles_of(made, number):
    """Three RGB tiles of one scene."""
    grey, labels = made.grey.astype(np.float32), made.labels
    low, high = np.percentile(grey[:: max(1, len(grey) // 9)], (0.5, 99.5))
    z = len(grey) // 2 if (labels[len(grey) // 2] > 0).any() else int((labels > 0).sum((1, 2)).argmax())
    flat = shown(grey[z], low, high)
    side = grey.shape[2] // 2
    across, across_labels = (grey[:, side], labels[:, side]) if number % 2 == 0 else (grey[:, :, side], labels[:, :, side])
    ratio = made.spacing[0] / min(made.spacing)
    rows = (np.arange(int(len(grey) * ratio)) / ratio).astype(int)
    across, across_labels = across[rows], across_labels[rows]
    return [np.repeat(flat[..., None], 3, 2), outlined(flat, labels[z]), outlined(shown(across, low, high), across_labels)]


def sheet(kinds, first, count, offset):
    width, height = (TILE + GAP) * 3 * count, (TILE + GAP + TITLE) * len(kinds)
    page = Image.new("RGB", (width, height))
    write = ImageDraw.Draw(page)
    for row, kind in enumerate(kinds):
        for nth in range(count):
            made = scene(offset + first + nth, kind)
            x, y = (TILE + GAP) * 3 * nth, (TILE + GAP + TITLE) * row
            facts = made.facts
            title = f"{kind} {first + nth}: {facts['modality']}, {made.grey.dtype}, {facts['diameter']:.0f} vx, z x {made.spacing[0] / min(made.spacing):.1f}"
            write.text((x + 2, y), f"{title}, {int(made.labels.max())} objects", fill=(255, 255, 255))
            for place, tile in enumerate(tiles_of(made, nth)):
                picture = Image.fromarray(tile[:TILE, :TILE])
                page.paste(picture, (x + place * (TILE + GAP), y + TITLE))
    return page


def clip_sheet(kinds, first, count, validation):
    """A row for each clip: every second plane of up to sixteen."""
    clips = [clip for kind in kinds for clip in islice(stream(SIDE, first, per_scene=2, validation=validation, kind=kind), count)]
    page = Image.new("RGB", ((SIDE + GAP) * 8, (SIDE + GAP + TITLE) * len(clips)))
    write = ImageDraw.Draw(page)
    for row, clip in enumerate(clips):
        y = (SIDE + GAP + TITLE) * row
        title = f"{clip.kind}, along {clip.axis} {clip.way:+d}, planes {clip.planes[0]} to {clip.planes[-1]}, window {clip.windows[0][2]} x {clip.windows[0][3]}"
        write.text((2, y), title, fill=(255, 255, 255))
        for nth, at in enumerate(range(0, len(clip.planes), 2)):
            picture = Image.fromarray(outlined(shown(clip.levels[at], 0, 1), clip.masks[at].astype(np.uint16)))
            if at == 0:
                points, labels = first_prompt(np.random.default_rng([row]), clip.masks[0])
                box = [*points[0], *points[1]] if labels[0] != POSITIVE else [*(points[0] - 2), *(points[0] + 2)]
                ImageDraw.Draw(picture).rectangle([float(value) for value in box], outline=(255, 230, 0))
            page.paste(picture, (nth * (SIDE + GAP), y + TITLE))
    return page


def main():
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenes", type=int, default=4)
    parser.add_argument("--kinds")
    parser.add_argument("--training", action="store_true", help="training seeds, without the held kinds; else validation seeds")
    parser.add_argument("--clips", action="store_true")
    asked = parser.parse_args()
    kinds = asked.kinds.split(",") if asked.kinds else [name for name, kind in KINDS.items() if not (asked.training and kind.held)]
    if asked.clips:
        clip_sheet(kinds, asked.seed, asked.scenes, not asked.training).save(asked.out)
        return
    sheet(kinds, asked.seed, asked.scenes, 0 if asked.training else VALIDATION_SEEDS).save(asked.out)


if __name__ == "__main__":
    main()
