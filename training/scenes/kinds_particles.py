"""Particles and the holes between them. Each function fills a canvas from its draws."""
from .canvas import Look
from .draw import moved, unit
from .looks import looks
from .shapes import block, bumpy, ellipsoid, faceted, outline, plate

MOST_OBJECTS = 400


def how_many(canvas, part, volume):
    """Objects of a mean volume that fill a part of the canvas."""
    return max(8, min(MOST_OBJECTS, int(part * canvas.volume / volume)))


class Plates:
    """What the platelets of one scene share."""

    def __init__(self, canvas, draw):
        self.canvas, self.draw = canvas, draw
        self.kind = draw.weighted({"disc": 4, "hexagon": 2, "irregular": 4})
        self.thickness = max(2.2, canvas.scale * draw.root(0.07, 0.24))
        self.bent = draw.chance(0.35)
        self.look = looks(draw, rims=0.12, textures=0.6, spread=0.2, thin=self.thickness < 6)
        self.volume = 0.6 * canvas.scale**2 * self.thickness

    def bend(self):
        return self.draw.uniform(-0.5, 0.5) if self.bent else 0.0

    def piece(self, centre, frame, size=None, bend=None):
        draw = self.draw
        radius = self.canvas.scale / 2 * (size or draw.uniform(0.6, 1.2))
        radii = (radius, radius * draw.uniform(0.7, 1))
        return plate(centre, frame, radii, self.thickness * draw.uniform(0.8, 1.25), outline(draw, self.kind), self.bend() if bend is None else bend)


def platelets(canvas, draw):
    """Thin plates, apart or touching, turned anyhow or nearly alike."""
    plates = Plates(canvas, draw)
    common, spread = draw.direction(), draw.pick([0.15, 0.4, 1, 5])
    for _ in range(how_many(canvas, draw.root(0.06, 0.26), plates.volume)):
        piece = plates.piece(canvas.somewhere(canvas.scale / 4), draw.frame(draw.near(common, spread)))
        canvas.put([piece], plates.look(), overlap=0.06)


def stacks(canvas, draw):
    """Plates face to face, with gaps of a voxel or none, bent alike, shifted and tilted against each other."""
    plates = Plates(canvas, draw)
    gap, tilt, shift = draw.root(0.2, 2.5), draw.root(0.01, 0.2), draw.uniform(0.05, 0.5)
    common, spread = draw.direction(), draw.pick([0.3, 1, 5])
    most = draw.whole(2, 9)
    for _ in range(how_many(canvas, draw.root(0.1, 0.45), plates.volume * (1 + most) / 2)):
        place, base = canvas.somewhere(canvas.scale / 4), draw.frame(draw.near(common, spread))
        size, bend = draw.uniform(0.6, 1.2), plates.bend()
        for _ in range(draw.whole(1, most)):
            frame = draw.tilted(base, tilt)
            at = moved(moved(place, frame[1], draw.uniform(-shift, shift) * canvas.scale / 2), frame[2], draw.uniform(-shift, shift) * canvas.scale / 2)
            canvas.put([plates.piece(at, frame, size * draw.uniform(0.85, 1.1), bend + draw.uniform(-0.04, 0.04))], plates.look(), overlap=0.2)
            place = moved(place, base[0], plates.thickness * 1.05 + gap * draw.uniform(0.6, 1.4))


def flocs(canvas, draw):
    """Houses of cards: each plate's edge on another's face or edge."""
    plates = Plates(canvas, draw)
    for _ in range(how_many(canvas, draw.root(0.04, 0.18), plates.volume * 6)):
        built = [(canvas.somewhere(), draw.direction())]
        canvas.put([plates.piece(built[0][0], draw.frame(built[0][1]))], plates.look())
        for _ in range(draw.whole(3, 18)):
            place, normal = draw.pick(built)
            frame = draw.frame(normal)
            contact = moved(moved(place, frame[1], draw.uniform(-0.45, 0.45) * canvas.scale), frame[0], draw.sign() * plates.thickness / 2)
            outward = unit(tuple(a + draw.uniform(0.2, 1.2) * b for a, b in zip(draw.direction(), tuple(c - p for c, p in zip(contact, place)))))
            turned = draw.frame(outward)
            at = moved(contact, outward, canvas.scale * 0.45)
            if canvas.put([plates.piece(at, (turned[1], turned[0], turned[2]), 0.95)], plates.look(), overlap=0.08):
                built.append((at, turned[1]))


def faces(draw, count, low):
    return [(draw.direction(), draw.uniform(low, 1)) for _ in range(count)]


def grains(canvas, draw):
    """Convex grains, loose to densely packed with flat contacts, of one to three minerals, with inclusions."""
    look, sharp = looks(draw, rims=0.15), draw.chance(0.6)
    minerals = [draw.uniform(0.45, 1.3) for _ in range(draw.whole(1, 3))]
    overlap = draw.root(0.03, 0.25)
    long = draw.uniform(1, 1.8)
    for _ in range(how_many(canvas, draw.uniform(0.4, 3), 0.3 * canvas.scale**3)):
        size = canvas.scale / 2 * draw.root(0.45, 1.2)
        radii = [size * draw.uniform(0.7, 1), size * draw.uniform(0.7, 1), size * draw.uniform(0.7, 1) / long]
        place, frame, mineral = canvas.somewhere(size / 2), draw.frame(), draw.pick(minerals)
        one = look()
        one = Look(one.level * mineral, one.rim, one.rim_width, one.fine, one.coarse)
        if sharp:
            piece = faceted(place, frame, radii, faces(draw, draw.whole(8, 14), 0.6))
        else:
            piece = bumpy(canvas, place, frame, radii, draw.uniform(0.03, 0.3) * size, canvas.swell)
        canvas.put([piece], one, overlap)


def pores(canvas, draw):
    """Voids of many sizes in a matrix with bright bits, some half filled; round or ragged."""
    ragged = draw.uniform(0, 0.5) if draw.chance(0.5) else 0.0
    look = looks(draw, rims=0.25, textures=0.3, spread=0.25)
    for _ in range(draw.whole(0, 60)):
        radius = canvas.scale * draw.root(0.04, 0.2)
        canvas.put([faceted(canvas.somewhere(), draw.frame(), (radius, radius, radius), faces(draw, 8, 0.6))], Look(-draw.uniform(0.2, 0.8)), overlap=0.5, labelled=False)
    flat = draw.uniform(0.5, 1)
    common, spread = draw.direction(), draw.pick([0.3, 5])
    for _ in range(how_many(canvas, draw.root(0.1, 0.5), 0.12 * canvas.scale**3)):
        size = canvas.scale / 2 * draw.root(0.2, 1.3)
        radii = (size * flat, size, size * draw.uniform(0.8, 1))
        canvas.put([bumpy(canvas, canvas.somewhere(size / 2), draw.frame(draw.near(common, spread)), radii, ragged * size)], look(), overlap=0.1)


def beads(canvas, draw):
    """Balls of nearly one size, in chains and heaps."""
    radius, spread = canvas.scale / 2, draw.root(0.01, 0.25)
    look, close = looks(draw, rims=0.5), draw.chance(0.7)
    last = canvas.somewhere()
    for _ in range(how_many(canvas, draw.root(0.1, 0.7), 0.5 * canvas.scale**3)):
        place = moved(last, draw.direction(), 2 * radius) if close and draw.chance(0.85) else canvas.somewhere(radius)
        size = radius * max(0.4, 1 + spread * draw.normal())
        if canvas.put([ellipsoid(place, draw.frame(), (size, size * draw.uniform(0.92, 1), size))], look(), overlap=0.06):
            last = place


def crystals(canvas, draw):
    """Cubes, needles and slabs with straight faces."""
    look = looks(draw, rims=0.3, spread=0.25)
    a, b = draw.root(0.15, 1), draw.root(0.3, 1)
    for _ in range(how_many(canvas, draw.root(0.06, 0.4), 0.6 * a * b * canvas.scale**3)):
        half = canvas.scale / 2 * draw.uniform(0.6, 1.1)
        halves = (max(1.3, half * a), max(1.5, half * b), half)
        canvas.put([block(canvas.somewhere(half / 2), draw.frame(), halves, min(halves) * 0.2)], look(), overlap=0.06)
