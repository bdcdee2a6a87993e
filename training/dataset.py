"""Reads a training set as `masklet dataset make` writes it: set/dataset.json, images/*.tif in raw values, labels/*.tif with an object's
number in every voxel. Arrays are [plane, row, column], the planes along the item's axis."""
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tifffile

from faults import Fault
from scenes.window import Sizes, pixel_sizes

SPLITS = ("train", "val", "test")
# Rows (v) and columns (u) of a plane, and its normal, as places in [z, y, x].
PLANE_AXES = {"z": (0, 1, 2), "y": (1, 0, 2), "x": (2, 0, 1)}


@dataclass(frozen=True)
class Item:
    id: str
    split: str
    image: Path
    labels: Path
    value_range: tuple[float, float]  # [low, high] that the view maps to 0..1
    spacing: tuple[float, float, float] | None  # of the files' planes, rows and columns
    time: bool  # planes follow each other in time, not in space
    copy: bool  # a turned copy of another item

    @property
    def pixel(self) -> Sizes:
        """[row, column] sides of a pixel in units of the finer"""
        return (1.0, 1.0) if self.spacing is None else pixel_sizes(self.spacing[1], self.spacing[2])

    def pixels(self) -> np.ndarray:
        """float32 [plane, row, column]; what is not finite counts as black, as in the server's view"""
        pixels = stack_of(read_tiff(self.image), self.image)
        return np.where(np.isfinite(pixels), pixels, self.value_range[0]).astype(np.float32)

    def ids(self) -> np.ndarray:
        ids = stack_of(read_tiff(self.labels), self.labels)
        if ids.dtype.kind not in "ui":
            raise Fault("dataset_invalid", file=str(self.labels), why=f"its values are {ids.dtype}, where an object's id is a whole number")
        return ids


@dataclass(frozen=True)
class Dataset:
    name: str
    folder: Path
    sha256: str
    dimensions: int
    licence: str | None
    items: tuple[Item, ...]

    def of(self, split: str) -> list[Item]:
        """Turned copies are there to learn from; what is held back is judged once."""
        return [item for item in self.items if item.split == split and (split == "train" or not item.copy)]


def read_dataset(folder: str | Path) -> Dataset:
    """@raises Fault dataset_invalid"""
    folder = Path(folder)
    file = folder / "dataset.json"
    try:
        raw = file.read_bytes()
        said = json.loads(raw)
    except OSError as error:
        raise Fault("dataset_invalid", file=str(file), why=f"it cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise Fault("dataset_invalid", file=str(file), why="it is not JSON") from error
    try:
        if said["format"] != "masklet-dataset" or said["version"] != 1:
            raise Fault("dataset_invalid", file=str(file), why=f"its format is {said['format']!r} {said['version']!r}, not masklet-dataset 1")
        sources = {source["id"]: source for source in said["sources"]}
        items = tuple(item_of(one, sources, folder) for one in said["items"])
        dimensions = int(said["dimensions"])
        name, licence = str(said["name"]), said.get("licence")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Fault("dataset_invalid", file=str(file), why=f"{type(error).__name__}: {error} is missing or wrong") from error
    if dimensions not in (2, 3):
        raise Fault("dataset_invalid", file=str(file), why=f"it has {dimensions} dimensions")
    return Dataset(name, folder, hash_of(raw, items), dimensions, licence, items)


def item_of(one: dict[str, Any], sources: dict[str, dict[str, Any]], folder: Path) -> Item:
    low, high = (float(end) for end in sources[one["source"]]["range"])
    if one["split"] not in SPLITS or not low < high:
        raise ValueError(f"split or range of item {one['id']}")
    axis, turn, spacing = one.get("axis", "z"), int(one.get("turn", 0)), one.get("spacing")
    if axis != "t" and axis not in PLANE_AXES:
        raise ValueError(f"axis of item {one['id']}")
    if spacing is not None:
        normal, v, u = PLANE_AXES["z" if axis == "t" else axis]
        seen = (float(spacing[normal]), float(spacing[v]), float(spacing[u]))
        if min(seen) <= 0:
            raise ValueError(f"spacing of item {one['id']}")
        # Odd turns exchange rows and columns.
        spacing = seen if turn % 2 == 0 else (seen[0], seen[2], seen[1])
    return Item(one["id"], one["split"], inside(folder, one["image"]), inside(folder, one["labels"]), (low, high), spacing, axis == "t", "of" in one)


def inside(folder: Path, name: str) -> Path:
    """A set names its own files alone."""
    path = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ValueError(f"path {name}")
    return path


def hash_of(raw: bytes, items: tuple[Item, ...]) -> str:
    """Of the description and every file's content, in the order of the items."""
    whole = hashlib.sha256(raw)
    for item in items:
        for path in (item.image, item.labels):
            try:
                with open(path, "rb") as file:
                    whole.update(hashlib.file_digest(file, "sha256").digest())
            except OSError as error:
                raise Fault("dataset_invalid", file=str(path), why=f"it cannot be read ({error.strerror})") from error
    return whole.hexdigest()


def read_tiff(path: Path) -> np.ndarray:
    try:
        return tifffile.imread(path)
    except Exception as error:
        raise Fault("dataset_invalid", file=str(path), why=f"it is not a TIFF that can be read ({str(error)[:120]})") from error


def stack_of(pixels: np.ndarray, path: Path) -> np.ndarray:
    """Grey planes; colours count by their mean."""
    if pixels.ndim in (3, 4) and pixels.shape[-1] == 3 and pixels.dtype == np.uint8:
        pixels = pixels.mean(-1)
    if pixels.ndim == 2:
        pixels = pixels[None]
    if pixels.ndim != 3 or pixels.size == 0:
        raise Fault("dataset_invalid", file=str(path), why=f"it has the shape {list(pixels.shape)}, where planes of pixels are needed")
    return pixels
