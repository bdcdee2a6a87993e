"""Cells and what is in them. Each function fills a canvas from its draws."""
import numpy as np

from .canvas import FAR, Look
from .draw import moved
from .fields import smooth
from .kinds_particles import how_many
from .looks import glow, looks
from .shapes import bumpy, chain, ellipsoid, plate, walk


def nuclei(canvas, draw):
    """Bumpy ellipsoids, many in touch, unequally bright, a few dividing; sometimes in faint cell bodies; or packed as in tissue."""
    if draw.chance(0.25):
        packed(canvas, draw)
        return
    look = looks(draw, rims=0.2, textures=0.8, spread=0.35)
    body, close = draw.chance(0.25), draw.chance(0.6)
    bumps, long = draw.root(0.01, 0.25), draw.uniform(1, 1.9)
    last = canvas.somewhere()
    for _ in range(how_many(canvas, draw.root(0.08, 0.7), 0.35 * canvas.scale**3)):
        size = canvas.scale / 2 * draw.uniform(0.7, 1.1)
        place = moved(last, draw.direction(), 2 * size * draw.uniform(0.85, 1.2)) if close and draw.chance(0.6) else canvas.somewhere(size)
        frame, one = draw.frame(), look()
        if draw.chance(0.05):
            one = Look(one.level * 1.5, 0, 2, one.fine, 0)
            pieces = [bumpy(canvas, moved(place, frame[0], part * size * 0.45), frame, (size * 0.25, size * 0.7, size * 0.6), size * 0.15) for part in (-1, 1)]
            pieces += chain([moved(place, frame[0], part * size * 0.45) for part in (-1, 1)], [size * 0.16] * 2) if draw.chance(0.5) else []
            pieces = pieces if len(pieces) > 2 else pieces[:1]
        else:
            pieces = [bumpy(canvas, place, frame, (size, size * draw.uniform(0.75, 1), size / long), bumps * size, canvas.swell)]
        if canvas.put(pieces, one, overlap=0.12):
            last = place
            if body:
                canvas.put([bumpy(canvas, place, frame, (1.8 * size, 1.6 * size, 1.6 * size / long), 0.3 * size)], Look(0.25), overlap=1, labelled=False)
    if draw.chance(0.4):
        glow(canvas, draw.root(0.05, 0.5), [max(2, int(canvas.scale / 2 / step)) for step in canvas.ratio])


def packed(canvas, draw):
    """Nuclei as close as they come, flat where they meet, with light between them that is not theirs."""
    found = nearest(canvas, draw, seeds_of(canvas, draw, canvas.scale * draw.uniform(0.7, 0.95), canvas.scale / 2), canvas.scale * 0.5, draw.uniform(0.8, 1.3), warped=draw.root(0.005, 0.06))
    spread = draw.root(0.02, 0.35)
    levels = [max(0.4, 1 + spread * draw.normal()) for _ in range(int(found[0].max()))]
    filled(canvas, draw, found, draw.root(0.5, 2), levels, draw.uniform(0, 0.4), False)
    glow(canvas, draw.root(0.05, 0.5), [max(2, int(canvas.scale / 2 / step)) for step in canvas.ratio])


def nearest(canvas, draw, seeds, reach, squash, drift=None, warped=0.05):
    """
    The cell of every voxel among seeds, in places warped by noise.
    @param drift of a seed's centre from plane to plane, None for balls
    @returns label (0 where none is in reach), how deep in it (half the difference of the two least distances; 0 at the walls), the least distance
    """
    first, second = np.full(canvas.size, FAR, np.float32), np.full(canvas.size, FAR, np.float32)
    owner = np.zeros(canvas.size, np.uint16)
    warp = canvas.swell * np.float32(canvas.scale * warped)
    for label, seed in enumerate(seeds, 1):
        span = (canvas.extent[0] + reach if drift else reach, reach + (drift or 0) * canvas.extent[0], reach + (drift or 0) * canvas.extent[0])
        box = [(max(0, int((c - r) / step)), min(side, int((c + r) / step) + 1)) for c, r, step, side in zip(seed, span, canvas.ratio, canvas.size)]
        if any(start >= end for start, end in box):
            continue
        at = tuple(slice(*one) for one in box)
        dz, dy, dx = canvas.places(box, seed)
        size = np.float32(1 / draw.uniform(0.7, 1.3))
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
    """Places not closer than `apart`; @param flat apart in y and x alone"""
    seeds = []
    for _ in range(900):
        place = canvas.somewhere(beyond)
        near = lambda other: sum((a - b) ** 2 for a, b in list(zip(place, other))[1 if flat else 0:]) < apart * apart
        if len(seeds) < 160 and not any(near(other) for other in seeds):
            seeds.append(place)
    return seeds


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


def cells(canvas, draw):
    """Tissue: cells wall to wall, the walls light or dark, whole or within a lump of tissue."""
    found = nearest(canvas, draw, seeds_of(canvas, draw, canvas.scale * 0.75, canvas.scale / 2), canvas.scale * draw.pick([0.75, 1.1, 1.1]), draw.uniform(0.7, 1.3), warped=draw.root(0.01, 0.1))
    spread = draw.root(0.01, 0.3)
    levels = [spread * draw.normal() for _ in range(int(found[0].max()))]
    filled(canvas, draw, found, draw.root(0.6, 2.5), levels, draw.uniform(0.6, 1.1), draw.chance(0.5))
    if draw.chance(0.3):
        # Nuclei in the cells are not what is asked for.
        for _ in range(30):
            size = canvas.scale * draw.uniform(0.12, 0.22)
            dot_in(canvas, draw, canvas.somewhere(), size, draw.uniform(0.3, 0.8) * draw.sign())


def dot_in(canvas, draw, place, size, level):
    """A ball that is seen within objects, and leaves their labels."""
    piece = ellipsoid(place, draw.frame(), (size, size, size))
    box = canvas.box(piece)
    if box is None:
        return
    at = tuple(slice(*one) for one in box)
    cover = np.clip(np.float32(0.5) - piece.distance(*canvas.places(box, place)), 0, 1)
    canvas.matter[at] += (np.float32(level) - canvas.matter[at]) * cover


def mosaic(canvas, draw):
    """Grains packed without room, of a few minerals, as in rock or metal; the seams light, dark or hardly there."""
    found = nearest(canvas, draw, seeds_of(canvas, draw, canvas.scale * draw.uniform(0.4, 0.75), canvas.scale / 2), canvas.scale * 1.1, draw.uniform(0.6, 1.6), warped=draw.root(0.001, 0.05))
    minerals = [nth / 2 + draw.uniform(0.1, 0.5) for nth in range(draw.whole(2, 3))]
    levels = [draw.pick(minerals) + 0.12 * draw.normal() for _ in range(int(found[0].max()))]
    filled(canvas, draw, found, draw.root(0.8, 2.2), levels, draw.uniform(-0.7, -0.1) if draw.chance(0.7) else draw.uniform(1.6, 2), draw.chance(0.5), texture=0.12)


def sponge(canvas, draw):
    """Whatever lies above a level of smooth noise: islands, worms and nets, as in bone or a demixed blend."""
    cells = [canvas.scale * draw.uniform(0.16, 0.35) * stretch / step for stretch, step in zip([draw.pick([1, 1, 2.5]) for _ in range(3)], canvas.ratio)]
    noise, level = smooth(draw, canvas.size, cells), draw.uniform(1.0, 1.6)
    slope = np.float32(min(cells))
    inside = np.clip((noise - np.float32(level)) * slope + np.float32(0.5), 0, 1)
    one = looks(draw, rims=0)()
    value = np.float32(one.level) + canvas.fine * np.float32(one.fine) + canvas.coarse * np.float32(one.coarse)
    canvas.matter += (value - canvas.matter) * inside
    canvas.labels[noise > np.float32(level)] = 1
    canvas.count = 1


def foam(canvas, draw):
    """Bubbles with thin walls, which thicken where several meet."""
    found = nearest(canvas, draw, seeds_of(canvas, draw, canvas.scale * draw.uniform(0.5, 0.8), canvas.scale / 2), canvas.scale * 0.62, 1.0, warped=0.0)
    owner, depth, first = found
    depth = depth - np.float32(canvas.scale * 0.04)
    filled(canvas, draw, (np.where(depth > 0, owner, 0), depth, first), draw.root(0.8, 3), [0.9 + 0.04 * draw.normal() for _ in range(int(owner.max()))], draw.uniform(-0.2, 0.2), False)


def neurites(canvas, draw):
    """Processes that run through the slices, packed, with membranes, and organelles within."""
    seeds = seeds_of(canvas, draw, canvas.scale * 0.55, canvas.scale / 2, flat=True)
    found = nearest(canvas, draw, seeds, canvas.scale * 1.2, 1.0, drift=draw.root(0.02, 0.5), warped=draw.root(0.02, 0.25))
    spread = draw.root(0.01, 0.2)
    filled(canvas, draw, found, draw.root(0.8, 2), [spread * draw.normal() for _ in range(int(found[0].max()))], draw.uniform(0.6, 1.2), draw.chance(0.4))
    level = draw.uniform(0.3, 0.9)
    for _ in range(draw.whole(0, 50)):
        dot_in(canvas, draw, canvas.somewhere(), canvas.scale * draw.root(0.04, 0.2), level)


def vesicles(canvas, draw):
    """Round or flattened sacs with a membrane, empty, filled or with a dense core, single, in heaps and in piles."""
    rim, inside = draw.uniform(0.7, 1.2), draw.uniform(-0.2, 0.6)
    width, flat = draw.uniform(1.2, 2.8), draw.chance(0.35)
    piled = draw.chance(0.5)
    place, normal = canvas.somewhere(), draw.direction()
    thickness = max(4.5, canvas.scale * draw.uniform(0.15, 0.3))
    for _ in range(how_many(canvas, draw.root(0.1, 0.45), (0.6 * thickness * canvas.scale**2) if flat else 0.35 * canvas.scale**3)):
        size = canvas.scale / 2 * draw.uniform(0.6, 1.1)
        if not piled or draw.chance(0.25):
            place, normal = canvas.somewhere(size / 2), draw.direction()
        else:
            place = moved(place, draw.near(normal, 0.1), thickness + 1) if flat else moved(place, draw.direction(), 2.1 * size)
        frame = draw.frame(normal)
        one = Look(inside + 0.1 * draw.normal(), rim - inside, width, draw.root(0.02, 0.2), 0.0)
        piece = plate(place, frame, (size, size * draw.uniform(0.7, 1)), thickness, (), draw.uniform(-0.3, 0.3)) if flat else bumpy(canvas, place, frame, (size, size * draw.uniform(0.8, 1), size), 0.04 * size)
        if canvas.put([piece], one, overlap=0.05) and not flat and draw.chance(0.2):
            dot_in(canvas, draw, place, size * draw.uniform(0.3, 0.6), draw.uniform(0.7, 1.2))


def mitochondria(canvas, draw):
    """Bent sausages with a membrane and folds within, between threads and small sacs that look alike."""
    rim, radius = draw.uniform(0.2, 0.7), canvas.scale * draw.uniform(0.18, 0.3)
    folds, level = draw.uniform(0.1, 0.45), draw.uniform(0.5, 1)
    for _ in range(how_many(canvas, draw.root(0.08, 0.4), 4 * radius * radius * canvas.scale)):
        thick = radius * draw.uniform(0.7, 1.2)
        places = walk(draw, canvas.somewhere(), draw.direction(), canvas.scale * 0.25, draw.whole(2, 6), draw.uniform(0.1, 0.6))
        radii = [thick * draw.uniform(0.85, 1.15) for _ in places]
        canvas.put(chain(places, radii), Look(level + 0.08 * draw.normal(), rim, draw.uniform(1.2, 2.2), 0.1, 0.0, folds), overlap=0.06)
    membrane = Look(draw.uniform(-0.1, 0.3), rim + level * 0.6, 1.4)
    for _ in range(draw.whole(5, 40)):
        size = radius * draw.uniform(0.25, 0.7)
        canvas.put([ellipsoid(canvas.somewhere(), draw.frame(), (size, size, size))], membrane, overlap=0.2, labelled=False)
    for _ in range(draw.whole(0, 8)):
        places = walk(draw, canvas.somewhere(), draw.direction(), canvas.scale * 0.4, 6, 0.3)
        canvas.put(chain(places, [1.5] * len(places)), Look(level), overlap=0.5, labelled=False)


def lumps(canvas, draw):
    """Bodies of any shape: a level set of noise within a ball."""
    look, ragged = looks(draw, rims=0.3, spread=0.3), draw.uniform(0.3, 0.75)
    noise = smooth(draw, canvas.size, [max(2.0, canvas.scale * draw.uniform(0.18, 0.4)) / step for step in canvas.ratio])
    for _ in range(how_many(canvas, draw.root(0.1, 0.5), 0.3 * canvas.scale**3)):
        size = canvas.scale / 2 * draw.uniform(0.6, 1)
        canvas.put([bumpy(canvas, canvas.somewhere(size / 2), draw.frame(), (size, size * draw.uniform(0.5, 1), size * draw.uniform(0.5, 1)), ragged * size, noise)], look(), overlap=0.15)
