"""A tiny training set as `masklet dataset make` lays it out, for the tests: dark ellipsoids on noisy bright ground, from a seed."""
import json
from pathlib import Path

import numpy as np
import tifffile

GROUND, CONTRAST = 30_000, 12_000


def stack(rng, shape, objects):
    """@returns uint16 image and labels, both [z, y, x]"""
    places = np.stack(np.meshgrid(*[np.arange(side) for side in shape], indexing="ij"), -1).astype(float)
    labels, level = np.zeros(shape, np.uint16), np.full(shape, float(GROUND))
    for nth in range(1, objects + 1):
        centre, radii = rng.uniform(0.2, 0.8, 3) * shape, rng.uniform(5, 11, 3)
        turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        inside = ((((places - centre) @ turn) / radii) ** 2).sum(-1) <= 1
        inside &= labels == 0
        labels[inside] = nth
        level[inside] -= CONTRAST * rng.uniform(0.7, 1.1)
    return np.clip(level + rng.normal(0, 3000, shape), 0, 65535).astype(np.uint16), labels


def write_set(folder, seed=1, shape=(10, 72, 80), items=(4, 2, 0), objects=3, dimensions=3):
    """@param items of the splits train, val and test @returns the folder"""
    folder = Path(folder)
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    rng, written = np.random.default_rng(seed), []
    for split, count in zip(("train", "val", "test"), items):
        for _ in range(count):
            image, labels = stack(rng, shape, objects)
            if dimensions == 2:
                image, labels = image[shape[0] // 2], labels[shape[0] // 2]
            name = f"a-{len(written) + 1:04d}"
            tifffile.imwrite(folder / f"images/{name}.tif", image)
            tifffile.imwrite(folder / f"labels/{name}.tif", labels)
            size = [1, *image.shape] if dimensions == 2 else list(image.shape)
            written.append({"id": name, "source": "a", "split": split, "t": 0, "c": 0, "axis": "z", "start": [0, 0, 0], "size": size, "spacing": None,
                            "image": f"images/{name}.tif", "labels": f"labels/{name}.tif", "objects": len(np.unique(labels)) - 1, "turn": 0})
    source = {"id": "a", "name": "seeded ellipsoids", "sha256": "0" * 64, "shape": {"t": 1, "c": 1, "z": shape[0], "y": shape[1], "x": shape[2]}, "dtype": "uint16",
              "spacing": None, "range": [10_000, 40_000]}
    description = {"format": "masklet-dataset", "version": 1, "name": "ellipsoids", "seed": seed, "dimensions": dimensions, "licence": "CC0-1.0", "sources": [source], "items": written}
    (folder / "dataset.json").write_text(json.dumps(description, indent=1))
    return folder
