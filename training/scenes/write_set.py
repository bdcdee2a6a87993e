"""
Scenes as a training set on disk, to judge networks by (`dataset.json` as `masklet dataset make` writes it, one item a scene):

    python -m scenes.write_set OUT [--first 0] [--scenes 22] [--training] [--kinds platelets,nuclei]
"""
import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import tifffile

from .clips import view_range
from .kinds import KINDS
from .scene import SIZE, VALIDATION_SEEDS, VERSION, kinds_for, scene


def write_set(folder, first=0, count=22, validation=True, kinds=None):
    """Kinds take turns. @raises ValueError for a kind that is not for these seeds @returns the folder"""
    folder, items, sources = Path(folder), [], []
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    start = first + (VALIDATION_SEEDS if validation else 0)
    names = kinds or kinds_for(start)
    for nth in range(count):
        kind = names[nth % len(names)]
        made = scene(start + nth, kind)
        name = f"{kind}-{first + nth}"
        low, high = view_range(made.grey)
        spacing = [round(side, 6) for side in made.spacing]
        for what, voxels in (("images", made.grey), ("labels", made.labels)):
            tifffile.imwrite(folder / what / f"{name}.tif", voxels, compression="zlib")
        shape = {"t": 1, "c": 1, **dict(zip("zyx", made.grey.shape))}
        sources.append({"id": name, "name": name, "sha256": hashlib.sha256(made.grey.tobytes()).hexdigest(), "shape": shape, "dtype": str(made.grey.dtype), "spacing": spacing, "range": [low, high]})
        items.append({"id": name, "source": name, "split": "val" if validation else "train", "t": 0, "c": 0, "axis": "z", "start": [0, 0, 0], "size": list(made.grey.shape), "spacing": spacing,
                      "image": f"images/{name}.tif", "labels": f"labels/{name}.tif", "objects": int(len(np.unique(made.labels)) - 1), "turn": 0})
    description = {"format": "masklet-dataset", "version": 1, "name": f"scenes {VERSION}", "seed": first, "dimensions": 3, "licence": "CC0-1.0", "sources": sources, "items": items}
    (folder / "dataset.json").write_text(json.dumps(description, indent=1))
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=f"Scenes of {SIZE} as a set; kinds are {', '.join(KINDS)}")
    parser.add_argument("out")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--scenes", type=int, default=len(KINDS))
    parser.add_argument("--training", action="store_true")
    parser.add_argument("--kinds", type=lambda text: text.split(","))
    asked = parser.parse_args()
    write_set(asked.out, asked.first, asked.scenes, not asked.training, asked.kinds)
