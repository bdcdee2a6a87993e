"""Kinds that fill space: cells wall to wall, grains without room, bubbles, processes along z. Each function fills a canvas from its draws."""
import numpy as np

from .canvas import FAR
from .looks import glow
from .shapes import ellipsoid

MOST_SEEDS, TRIES = 400, 2000


def nearest(canvas, draw, seeds, reach, squash, drift=None, warped=0.05):
    """
    The cell of every voxel among seeds of different weight (the least has 0.55 of the reach), in places warped by noise.
    @param squash of balls along z
    @param drift of a seed's centre from plane to plane, None for balls
    @returns label (0 where none is in reach), how deep in it (half the difference of the two least distances; 0 at the walls), the least distance
    """
    first, second = np.full(canvas.size, FAR, np.float32), np.full(canvas.size, FAR, np.float32)
    owner = np.zeros(canvas.size, np.uint16)
    warp = canvas.swell * np.float32(canvas.scale * warped)
    wide = reach + 1.5 * warped * canvas.scale
    for label, seed in enumerate(seeds, 1):
        across = wide + (drift or 0) * canvas.extent[0]
        span = (canvas.extent[0] if drift else wide / squash, across, across)
        box = [(max(0, int((c - r) / step)), min(side, int((c + r) / step) + 1)) for c, r, step, side in zip(seed, span, canvas.ratio, canvas.size)]
        if any(start >= end for start, end in box):
            continue
        at = tuple(slice(*one) for one in box)
        dz, dy, dx = canvas.places(box, seed)
        size = np.float32(1 / draw.uniform(0.55, 1))
        if drift is None:
            far = np.sqrt(dz * dz * np.float32(squash * squash) + dy * dy + dx * dx) * size
        else:
            slopes, wave = [draw.uniform(-drift, drift) for _ in range(2)], [draw.uniform(-0.3, 0.3) * canvas.scale for _ in range(2)]
            t = dz * np.float32(1 / canvas.extent[0])
            dy, dx = (d - dz * np.float32(s) - (t * t) * np.float32(w) for d, s, w in zip((dy, dx), slopes, wave))
            far = np.sqrt(dy * dy + dx * dx) * size
        far = far + warp[at] * np.float32(draw.uniform(-1, 1))
        a, b, o = first[at], second[at], owner[at]
        closer = far < a
        np.minimum(b, np.where(closer, a, far), out=b)
        o[closer] = label
        np.minimum(a, far, out=a)
    owner[first > np.float32(reach)] = 0
    return owner, np.minimum((second - first) * np.float32(0.5), np.float32(reach) - first), first


def seeds_of(canvas, draw, apart, beyond, flat=False):
    """Places not closer than `apart`, up to so far outside. @param flat apart in y and x alone"""
    seeds = np.zeros((MOST_SEEDS, 3))
    count = 0
    for _ in range(TRIES):
        place = canvas.somewhere(beyond)
        z, y, x = seeds[:count].T - np.array(place)[:, None]
        near = y * y + x * x + (0 if flat else z * z) < apart * apart
        if not near.any():
            seeds[count] = place
            count += 1
        if count == MOST_SEEDS:
            break
    return [tuple(seed) for seed in seeds[:count].tolist()]


def filled(canvas, draw, found, wall, levels, edge, labelled_walls, texture=0.25):
    """Paints cells and walls. @param levels matter of each cell @param edge matter of the walls"""
    owner, depth, _ = found
    values = np.array([0.0, *levels], np.float32)[owner]
    inner = np.clip((depth - np.float32(wall)) + np.float32(0.5), 0, 1)
    cells = owner != 0
    values += canvas.fine * np.float32(draw.root(0.02, texture)) + canvas.coarse * np.float32(draw.root(0.02, texture))
    painted = values * inner + np.float32(edge) * (1 - inner)
    canvas.matter = np.where(cells, painted, canvas.matter)
    canvas.labels = np.where(cells & ((depth > np.float32(wall)) | labelled_walls), owner, 0).astype(np.uint16)
    canvas.count = int(owner.max())


def dot(canvas, draw, place, size, level):
    """A ball that is seen within objects, and leaves their labels."""
    piece = ellipsoid(place, draw.frame(), (size, size, size))
    box = canvas.box(piece)
    if box is None:
        return
    at = tuple(slice(*one) for one in box)
    cover = np.clip(np.float32(0.5) - piece.distance(*canvas.places(box, place)), 0, 1)
    canvas.matter[at] += (np.float32(level) - canvas.matter[at]) * cover


def tissue(canvas, draw):
    """Nuclei as close as they come, flat where they meet, with light between them that is not theirs."""
    seeds = seeds_of(canvas, draw, canvas.scale * draw.uniform(0.7, 0.95), canvas.scale / 2)
    found = nearest(canvas, draw, seeds, canvas.scale * 0.62, draw.uniform(0.8, 1.3), warped=draw.root(0.005, 0.06))
    spread = draw.root(0.02, 0.35)
    levels = [max(0.4, 1 + spread * draw.normal()) for _ in range(int(found[0].max()))]
    filled(canvas, draw, found, draw.root(0.5, 2), levels, draw.uniform(0, 0.4), False)
    glow(canvas, draw.root(0.05, 0.5), [max(2, int(canvas.scale / 2 / step)) for step in canvas.ratio])


def cells(canvas, draw):
    """Tissue: cells wall to wall, the walls light or dark, whole or within a lump of tissue."""
    seeds = seeds_of(canvas, draw, canvas.scale * 0.75, canvas.scale / 2)
    found = nearest(canvas, draw, seeds, canvas.scale * draw.pick([0.9, 1.3, 1.3]), draw.uniform(0.7, 1.3), warped=draw.root(0.01, 0.1))
    spread = draw.root(0.01, 0.3)
    levels = [spread * draw.normal() for _ in range(int(found[0].max()))]
    filled(canvas, draw, found, draw.root(0.6, 2.5), levels, draw.uniform(0.6, 1.1), draw.chance(0.5))
    if draw.chance(0.3):
        # Nuclei in the cells are not what is asked for.
        for _ in range(30):
            size = canvas.scale * draw.uniform(0.12, 0.22)
            dot(canvas, draw, canvas.somewhere(), size, draw.uniform(0.3, 0.8) * draw.sign())


def mosaic(canvas, draw):
    """Grains packed without room, of a few minerals, as in rock or metal; the seams light, dark or hardly there."""
    seeds = seeds_of(canvas, draw, canvas.scale * draw.uniform(0.4, 0.75), canvas.scale / 2)
    found = nearest(canvas, draw, seeds, canvas.scale * draw.uniform(1.0, 1.3), draw.uniform(0.7, 1.6), warped=draw.root(0.001, 0.05))
    minerals = [nth / 2 + draw.uniform(0.1, 0.5) for nth in range(draw.whole(2, 3))]
    levels = [draw.pick(minerals) + 0.12 * draw.normal() for _ in range(int(found[0].max()))]
    wall = draw.root(0.8, 2.2)
    edge = draw.uniform(-0.7, -0.1) if draw.chance(0.7) else draw.uniform(1.6, 2)
    filled(canvas, draw, found, wall, levels, edge, draw.chance(0.5), texture=0.12)


def foam(canvas, draw):
    """Bubbles with thin walls, which thicken where several meet."""
    seeds = seeds_of(canvas, draw, canvas.scale * draw.uniform(0.5, 0.8), canvas.scale / 2)
    found = nearest(canvas, draw, seeds, canvas.scale * 0.75, 1.0, warped=0.0)
    owner, depth, first = found
    depth = depth - np.float32(canvas.scale * 0.04)
    wall, levels = draw.root(0.8, 3), [0.9 + 0.04 * draw.normal() for _ in range(int(owner.max()))]
    filled(canvas, draw, (np.where(depth > 0, owner, 0), depth, first), wall, levels, draw.uniform(-0.2, 0.2), False)


def neurites(canvas, draw):
    """Processes that run through the slices, packed, with membranes, and organelles within."""
    seeds = seeds_of(canvas, draw, canvas.scale * 0.55, canvas.scale / 2, flat=True)
    found = nearest(canvas, draw, seeds, canvas.scale * 1.3, 1.0, drift=draw.root(0.02, 0.5), warped=draw.root(0.02, 0.25))
    spread = draw.root(0.01, 0.2)
    filled(canvas, draw, found, draw.root(0.8, 2), [spread * draw.normal() for _ in range(int(found[0].max()))], draw.uniform(0.6, 1.2), draw.chance(0.4))
    level = draw.uniform(0.3, 0.9)
    for _ in range(draw.whole(0, 50)):
        dot(canvas, draw, canvas.somewhere(), canvas.scale * draw.root(0.04, 0.2), level)
