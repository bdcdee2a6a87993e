"""Smooth random fields, blurring and enlarging, float32 [z, y, x], made of sums and products in a fixed order (see draw.py)."""
import numpy as np

# A quadratic B-spline lowers the deviation of white noise along each axis by about this.
SPLINE_DEVIATION = 0.74


def enlarged(lattice, shape, cells):
    """A lattice as a smooth field, by quadratic B-splines. @param lattice at least ceil(shape / cells) + 3 along each axis
    @param cells voxels from one knot to the next along each axis"""
    for axis in (2, 1, 0):
        at = (np.arange(shape[axis], dtype=np.float64) + 0.5) / cells[axis]
        first = np.floor(at).astype(np.int64)
        t = (at - first).astype(np.float32)
        shaped = [1, 1, 1]
        shaped[axis] = -1
        weights = [((1 - t) * (1 - t) / 2).reshape(shaped), (0.5 + t * (1 - t)).reshape(shaped), (t * t / 2).reshape(shaped)]
        total = np.take(lattice, first, axis) * weights[0]
        for k in (1, 2):
            total += np.take(lattice, first + k, axis) * weights[k]
        lattice = total
    return lattice


def smooth(draw, shape, cells):
    """Noise of deviation near 1 whose grains are about two cells wide. @param cells voxels along each axis, at least 1"""
    cells = [max(1.0, cell) for cell in cells]
    lattice = draw.white([int(side / cell) + 4 for side, cell in zip(shape, cells)])
    return enlarged(lattice, shape, cells) * np.float32(1 / SPLINE_DEVIATION**3)


def taps(sigma):
    """Half a kernel, middle first, close to a Gaussian's: (1 - x^2 / (32 sigma^2))^16."""
    reach = max(1, int(3 * sigma + 0.5))
    at = np.arange(reach + 1, dtype=np.float64)
    half = np.maximum(0, 1 - at * at / (32 * sigma * sigma))
    for _ in range(4):
        half = half * half
    total = half[0]
    for one in half[1:]:
        total = total + 2 * one
    return (half / total).astype(np.float32)


def along_rows(plane, half):
    """One pass down the rows of a plane, edges repeated."""
    reach = len(half) - 1
    padded = np.concatenate([np.repeat(plane[:1], reach, 0), plane, np.repeat(plane[-1:], reach, 0)])
    count = len(plane)
    total = padded[reach:reach + count] * half[0]
    for k in range(1, reach + 1):
        pair = padded[reach - k:reach - k + count] + padded[reach + k:reach + k + count]
        pair *= half[k]
        total += pair
    return total


def blurred(field, sigmas):
    """@param sigmas voxels along each axis; less than 0.2 leaves that axis as it is. Works plane by plane, which stay in the cache."""
    z, y, x = (None if sigma < 0.2 else taps(sigma) for sigma in sigmas)
    result = np.empty_like(field)
    last = len(field) - 1
    for at in range(len(field)):
        plane = field[at] if z is None else field[at] * z[0]
        for k in range(1, 0 if z is None else len(z)):
            pair = field[max(0, at - k)] + field[min(last, at + k)]
            pair *= z[k]
            plane += pair
        plane = plane if y is None else along_rows(plane, y)
        result[at] = plane if x is None else along_rows(np.ascontiguousarray(plane.T), x).T
    return result


def blocks(field, step, axis):
    """Means of so many voxels along one axis, the edge repeated to the last whole block."""
    missing = -field.shape[axis] % step
    if missing:
        field = np.concatenate([field, np.repeat(field.take([-1], axis), missing, axis)], axis)
    field = np.moveaxis(field, axis, 0)
    total = field[::step].copy()
    for k in range(1, step):
        total += field[k::step]
    return np.moveaxis(total * np.float32(1 / step), 0, axis)


def haze(field, cell):
    """The field without what is finer than a cell: averaged in blocks, then enlarged. @param cell whole voxels along each axis"""
    means = field
    for axis, step in enumerate(cell):
        means = blocks(means, step, axis)
    # The splines need one knot before and two behind.
    return enlarged(np.pad(means, [(1, 3)] * 3, mode="edge"), field.shape, cell)
