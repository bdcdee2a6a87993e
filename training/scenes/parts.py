"""Connected parts of a label image, by runs along x: few enough that NumPy alone is quick."""
from dataclasses import dataclass

import numpy as np

# Rows behind a row, as (planes, rows), that touch it: of half the 26 neighbours.
NEXT_ROWS = ((0, 1), (1, -1), (1, 0), (1, 1))


@dataclass(frozen=True)
class Runs:
    """Stretches of one label along x, in raster order."""

    row: np.ndarray  # z * height + y
    start: np.ndarray
    end: np.ndarray  # exclusive
    label: np.ndarray
    part: np.ndarray  # of each run, 0 ...: runs of one label that touch, corners included, share it


def runs_of(labels):
    """@param labels [z, y, x] @returns row, start, end, label of what is not 0"""
    depth, height, width = labels.shape
    flat = labels.reshape(depth * height, width)
    change = np.ones((depth * height, width + 1), bool)
    np.not_equal(flat[:, 1:], flat[:, :-1], out=change[:, 1:-1])
    rows, columns = np.nonzero(change)
    # Each row ends with the border's own mark, which begins nothing.
    begins = columns < width
    following = np.append(columns[1:], 0)
    rows, start, end = rows[begins], columns[begins], following[begins]
    label = flat[rows, start]
    kept = label != 0
    return rows[kept], start[kept], end[kept], label[kept]


def touching(row, start, end, label, height, width):
    """Pairs of runs of one label in rows beside each other."""
    stride = width + 2
    first, last = row * stride + start, row * stride + end - 1
    pairs = []
    for planes, rows in NEXT_ROWS:
        y = row % height + rows
        inside = np.flatnonzero((y >= 0) & (y < height))
        base = (row[inside] + planes * height + rows) * stride
        low = np.searchsorted(last, base + start[inside] - 1)
        high = np.searchsorted(first, base + end[inside], side="right")
        count = np.maximum(0, high - low)
        ones = np.repeat(inside, count)
        others = np.repeat(low - np.concatenate([[0], np.cumsum(count)[:-1]]), count) + np.arange(len(ones))
        same = label[ones] == label[others]
        pairs.append((ones[same], others[same]))
    return np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])


def joined(count, ones, others):
    """The smallest member of each one's set. Sets grow by taking the smaller root and cutting the way short."""
    root = np.arange(count)
    while True:
        a, b = root[ones], root[others]
        differ = a != b
        if not differ.any():
            return root
        ones, others, a, b = ones[differ], others[differ], a[differ], b[differ]
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        while True:
            shorter = root[root]
            if np.array_equal(shorter, root):
                break
            root = shorter


def parts_of(labels):
    """@param labels [z, y, x] whole numbers @returns Runs"""
    row, start, end, label = runs_of(labels)
    if len(row) == 0:
        return Runs(row, start, end, label, row)
    ones, others = touching(row, start, end, label, labels.shape[1], labels.shape[2])
    _, part = np.unique(joined(len(row), ones, others), return_inverse=True)
    return Runs(row, start, end, label, part)


def tidied(labels, split, least):
    """
    Labels 1 ... n without fragments.
    @param split "keep": parts of a label stay one object; "new": each large part becomes one
    @param least voxels; smaller parts, and those below a twentieth of the largest of their label, become background
    @returns labels uint16 [z, y, x], and the ids that have several parts
    """
    runs = parts_of(labels)
    result = np.zeros(labels.shape, np.uint16)
    if len(runs.row) == 0:
        return result, []
    size = np.bincount(runs.part, runs.end - runs.start).astype(np.int64)
    owner = np.zeros(len(size), np.int64)
    owner[runs.part] = runs.label
    largest = np.zeros(int(owner.max()) + 1, np.int64)
    np.maximum.at(largest, owner, size)
    kept = (size >= least) & (size * 20 >= largest[owner])
    if split == "new":
        ids = np.where(kept, np.cumsum(kept), 0)
        several = []
    else:
        present = np.zeros(len(largest), bool)
        present[owner[kept]] = True
        ids = np.where(kept, np.cumsum(present)[owner], 0)
        several = [int(one) for one in np.flatnonzero(np.bincount(ids[kept]) > 1)]
    # Painted run by run: a difference along x, summed up.
    difference = np.zeros((labels.shape[0] * labels.shape[1], labels.shape[2] + 1), np.int32)
    values = ids[runs.part].astype(np.int32)
    np.add.at(difference, (runs.row, runs.start), values)
    np.add.at(difference, (runs.row, runs.end), -values)
    result = np.cumsum(difference[:, :-1], 1, dtype=np.int32).astype(np.uint16).reshape(labels.shape)
    return result, several
