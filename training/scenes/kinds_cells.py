"""Nuclei, what is in cells, and bodies of any shape. Each function fills a canvas from its draws."""
import numpy as np

from .canvas import Look
from .draw import moved
from .fields import smooth
from .kinds_packed import dot, tissue
from .kinds_particles import how_many
from .looks import glow, looks
from .shapes import bumpy, chain, ellipsoid, plate, walk


def nuclei(canvas, draw):
    """Bumpy ellipsoids, many in touch, unequally bright, a few dividing; sometimes in faint cell bodies; or packed as in tissue."""
    if draw.chance(0.25):
        tissue(canvas, draw)
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
        if flat:
            piece = plate(place, frame, (size, size * draw.uniform(0.7, 1)), thickness, (), draw.uniform(-0.3, 0.3))
        else:
            piece = bumpy(canvas, place, frame, (size, size * draw.uniform(0.8, 1), size), 0.04 * size)
        if canvas.put([piece], one, overlap=0.05) and not flat and draw.chance(0.2):
            dot(canvas, draw, place, size * draw.uniform(0.3, 0.6), draw.uniform(0.7, 1.2))


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


def lumps(canvas, draw):
    """Bodies of any shape: a level set of noise within a ball."""
    look, ragged = looks(draw, rims=0.3, spread=0.3), draw.uniform(0.3, 0.75)
    noise = smooth(draw, canvas.size, [max(2.0, canvas.scale * draw.uniform(0.18, 0.4)) / step for step in canvas.ratio])
    for _ in range(how_many(canvas, draw.root(0.1, 0.5), 0.3 * canvas.scale**3)):
        size = canvas.scale / 2 * draw.uniform(0.6, 1)
        place, frame, radii = canvas.somewhere(size / 2), draw.frame(), (size, size * draw.uniform(0.5, 1), size * draw.uniform(0.5, 1))
        canvas.put([bumpy(canvas, place, frame, radii, ragged * size, noise)], look(), overlap=0.15)
