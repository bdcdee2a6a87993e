"""Long, thin, hollow and concave bodies. Each function fills a canvas from its draws."""
from .canvas import Look
from .draw import moved, unit
from .kinds_particles import how_many
from .looks import looks
from .shapes import arc, capsule, chain, cup, plate, torus, walk


def fibres(canvas, draw):
    """Wandering threads that cross over and under each other, all ways or nearly along one."""
    look, radius = looks(draw, rims=0.25, spread=0.2, thin=True), max(1.6, canvas.scale * draw.root(0.04, 0.16))
    common, spread, bend = draw.direction(), draw.pick([0.2, 0.6, 5]), draw.root(0.02, 0.4)
    hollow = Look(level=draw.uniform(0.0, 0.5), rim=draw.uniform(0.5, 1), rim_width=max(1.2, radius * 0.4)) if draw.chance(0.2) and radius > 3 else None
    for _ in range(max(14, min(80, how_many(canvas, draw.root(0.04, 0.2), 9 * radius * radius * canvas.scale)))):
        thick = radius * draw.uniform(0.7, 1.3)
        places = walk(draw, canvas.somewhere(canvas.scale / 2), draw.near(common, spread), canvas.scale * 0.4, draw.whole(4, 14), bend)
        canvas.put(chain(places, [thick] * len(places)), hollow or look(), overlap=0.25)


def tubes(canvas, draw):
    """Vessels with walls that branch and grow thinner: parts of one object meet and part from slice to slice."""
    radius = max(2.5, canvas.scale * draw.uniform(0.15, 0.32))
    wall = max(1.3, radius * draw.uniform(0.2, 0.5))
    look = looks(draw, rims=0.0, spread=0.2)
    filled, inside = draw.chance(0.35), draw.uniform(-0.3, 0.4)
    for _ in range(draw.whole(8, 22)):
        pieces, ends = [], [(canvas.somewhere(), draw.direction(), radius * draw.uniform(0.7, 1.3))]
        for _ in range(draw.whole(2, 7)):
            start, way, thick = ends.pop(0)
            places = walk(draw, start, way, canvas.scale * 0.4, draw.whole(2, 5), 0.2)
            thin = thick * draw.uniform(0.7, 0.95)
            pieces += chain(places, [thick + (thin - thick) * k / (len(places) - 1) for k in range(len(places))])
            for _ in range(2):
                ends.append((places[-1], draw.near(unit(tuple(b - a for a, b in zip(places[-2], places[-1]))), 0.9), thin))
        one = look()
        canvas.put(pieces, one if filled else Look(inside, one.level - inside, wall, one.fine * 0.5, 0.0), overlap=0.1)


def concave(canvas, draw):
    """Rings, horseshoes, hooks, spirals, cups, stars and dumb-bells: on some planes one object shows as two or three, which meet, part, end and come again."""
    look, tube = looks(draw, rims=0.3), draw.uniform(0.1, 0.17)
    only = draw.pick([None, None, None, "torus", "arc", "cup", "star", "dumb-bell"])
    for _ in range(how_many(canvas, draw.root(0.16, 0.5), 0.25 * canvas.scale**3)):
        kind = only or draw.pick(["torus", "arc", "arc", "spiral", "cup", "star", "dumb-bell"])
        place, frame = canvas.somewhere(canvas.scale / 4), draw.frame()
        size = canvas.scale * draw.uniform(0.7, 1.15)
        thick = max(1.6, size * tube * draw.uniform(0.8, 1.3))
        canvas.put(curved(draw, kind, place, frame, size, thick), look(), overlap=0.04)


def curved(draw, kind, place, frame, size, thick):
    """@param size the longest diameter @returns pieces of one body"""
    ring = size / 2 - thick
    if kind == "torus":
        return [torus(place, frame, ring, thick)]
    if kind == "cup":
        return [cup(place, frame, size / 2 - thick / 2, thick * 1.3, draw.uniform(-0.2, 0.6))]
    if kind in ("arc", "spiral"):
        places = arc(place, frame, ring, draw.uniform(0.4, 0.85), 9) if kind == "arc" else arc(place, frame, ring, draw.uniform(1, 1.8), 16, rise=size * 0.8)
        end = thick * draw.uniform(0.5, 1.4)
        return chain(places, [thick + (end - thick) * k / (len(places) - 1) for k in range(len(places))])
    if kind == "star":
        return [capsule(place, moved(place, draw.direction(), size * draw.uniform(0.3, 0.6)), thick * 1.3, thick * draw.uniform(0.5, 1)) for _ in range(draw.whole(3, 6))]
    along = [moved(place, frame[0], size * part) for part in (-0.32, 0.0, 0.32)]
    return chain(along, [size * draw.uniform(0.15, 0.25), size * draw.uniform(0.05, 0.1), size * draw.uniform(0.15, 0.25)])


def membranes(canvas, draw):
    """Bent sheets, single and in pairs, that leave the volume or end in it."""
    look, common, spread = looks(draw, rims=0.1, spread=0.25, thin=True), draw.direction(), draw.pick([0.2, 0.5, 5])
    thickness = max(2.0, canvas.scale * draw.root(0.04, 0.14))
    for _ in range(draw.whole(8, 30)):
        place, frame = canvas.somewhere(), draw.frame(draw.near(common, spread))
        radius, bend = canvas.scale * draw.uniform(0.5, 1.1), draw.uniform(-0.9, 0.9)
        for nth in range(2 if draw.chance(0.3) else 1):
            at = moved(place, frame[0], nth * thickness * draw.uniform(1.4, 2.5))
            canvas.put([plate(at, frame, (radius, radius * draw.uniform(0.5, 1)), thickness, (), bend)], look(), overlap=0.12)


def rods(canvas, draw):
    """Short rods with round ends, some dividing, in rafts."""
    look, common, spread = looks(draw, rims=0.5), draw.direction(), draw.pick([0.15, 0.5, 5])
    radius = max(2.5, canvas.scale * draw.uniform(0.13, 0.22))
    for _ in range(how_many(canvas, draw.root(0.1, 0.6), 2.6 * radius * radius * canvas.scale)):
        place, way = canvas.somewhere(), draw.near(common, spread)
        half = (canvas.scale * draw.uniform(0.6, 1.1)) / 2 - radius
        places = [moved(place, way, half * part) for part in (-1, -0.1, 0.1, 1)]
        waist = radius * (draw.uniform(0.45, 0.8) if draw.chance(0.25) else 1)
        canvas.put(chain(places, [radius, waist, waist, radius]), look(), overlap=0.06)


def spindles(canvas, draw):
    """Long bodies with pointed ends, packed side by side as in muscle."""
    look, common = looks(draw, rims=0.4), draw.direction()
    radius, long = canvas.scale * draw.uniform(0.25, 0.4), draw.uniform(2, 4)
    for _ in range(how_many(canvas, draw.uniform(0.4, 1.2), 4 * radius * radius * canvas.scale)):
        place, way = canvas.somewhere(canvas.scale / 2), draw.near(common, 0.15)
        thick = radius * draw.uniform(0.6, 1.1)
        places = [moved(place, way, canvas.scale * long / 2 * part) for part in (-1, -0.5, 0, 0.5, 1)]
        canvas.put(chain(places, [1.0, thick * 0.75, thick, thick * 0.75, 1.0]), look(), overlap=0.2)
