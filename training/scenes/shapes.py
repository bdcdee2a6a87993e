"""Bodies as pieces with implicit functions, in units of the finest voxel side; see canvas.Piece. Distances follow I. Quilez's articles on
distance functions where one is named (iquilezles.org/articles/distfunctions)."""
import numpy as np

from .canvas import Piece
from .draw import circle, dot, moved, unit


def turned(frame, dz, dy, dx):
    """Coordinates along the three vectors of a frame."""
    return [dz * np.float32(a[0]) + dy * np.float32(a[1]) + dx * np.float32(a[2]) for a in frame]


def reach_of(frame, halves):
    return tuple(sum(abs(a[axis]) * half for a, half in zip(frame, halves)) for axis in range(3))


def ellipsoid(centre, frame, radii):
    """Quilez's bound for ellipsoids: k0 (k0 - 1) / k1."""
    def distance(*places):
        along = [u * np.float32(1 / r) for u, r in zip(turned(frame, *places), radii)]
        squares = [a * a for a in along]
        k0 = np.sqrt(squares[0] + squares[1] + squares[2])
        k1 = np.sqrt(sum(s * np.float32(1 / (r * r)) for s, r in zip(squares[1:], radii[1:])) + squares[0] * np.float32(1 / (radii[0] * radii[0])))
        return k0 * (k0 - 1) / (k1 + np.float32(1e-6))
    return Piece(centre, reach_of(frame, radii), distance)


def bumpy(canvas, centre, frame, radii, height, grain=None):
    """An ellipsoid with the canvas' coarse noise on it. @param height of the bumps"""
    smooth_one = ellipsoid(centre, frame, radii)
    reach = tuple(r + 1.5 * height for r in smooth_one.reach)
    around = Piece(centre, reach, None)
    box = canvas.box(around)
    noise = canvas.coarse if grain is None else grain
    bumps = None if box is None else noise[tuple(slice(*one) for one in box)]
    return Piece(centre, reach, lambda *places: smooth_one.distance(*places) + np.float32(height) * np.clip(bumps, -1.5, 1.5))


def outline(draw, kind):
    """Unit directions and offsets of the sides of a plate: none for a disc."""
    if kind == "disc":
        return []
    count = 6 if kind == "hexagon" else draw.whole(5, 8)
    wobble = 0.0 if kind == "hexagon" else 0.25
    sides = []
    for k in range(count):
        c, s = circle((k + draw.uniform(-wobble, wobble)) / count)
        sides.append((float(c), float(s), draw.uniform(1 - 1.5 * wobble, 1)))
    return sides


def plate(centre, frame, radii, thickness, sides=(), bend=0.0):
    """A disc, ellipse or polygon across the frame's first vector, slightly rounded. @param bend curvature times the radius, 0 is flat"""
    radius = max(radii)
    lift = bend * radius / 2
    half = thickness / 2

    def distance(*places):
        w, u, v = turned(frame, *places)
        u, v = u * np.float32(1 / radii[0]), v * np.float32(1 / radii[1])
        round_one = np.sqrt(u * u + v * v)
        edge = round_one
        if bend != 0:
            w = w - np.float32(lift) * (u * u - np.float32(0.5))
        if sides:
            edge = round_one * np.float32(0.92)
            for c, s, offset in sides:
                edge = np.maximum(edge, (u * np.float32(c) + v * np.float32(s)) * np.float32(1 / offset))
        across = (edge - 1) * np.float32(min(radii))
        flat = np.abs(w) - np.float32(half)
        corner = np.float32(min(half, 1.5))
        a, b = np.maximum(across + corner, 0), np.maximum(flat + corner, 0)
        return np.minimum(np.maximum(across, flat) + corner, 0) + np.sqrt(a * a + b * b) - corner
    bulge = 1.1 if sides else 1.0
    return Piece(centre, reach_of(frame, (half + lift, radii[0] * bulge, radii[1] * bulge)), distance)


def faceted(centre, frame, radii, faces):
    """Cut by planes. @param faces (direction in the frame, offset in units of the radii); the ellipsoid of 1.25 radii rounds the corners"""
    def distance(*places):
        along = [u * np.float32(1 / r) for u, r in zip(turned(frame, *places), radii)]
        far = np.sqrt(along[0] * along[0] + along[1] * along[1] + along[2] * along[2]) * np.float32(0.8)
        for n, offset in faces:
            far = np.maximum(far, (along[0] * np.float32(n[0]) + along[1] * np.float32(n[1]) + along[2] * np.float32(n[2])) * np.float32(1 / offset))
        return (far - 1) * np.float32(min(radii))
    return Piece(centre, reach_of(frame, [1.25 * r for r in radii]), distance)


def block(centre, frame, halves, corner):
    """A box with rounded corners."""
    def distance(*places):
        q = [np.abs(u) - np.float32(h - corner) for u, h in zip(turned(frame, *places), halves)]
        out = [np.maximum(one, 0) for one in q]
        return np.sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2]) + np.minimum(np.maximum(np.maximum(q[0], q[1]), q[2]), 0) - np.float32(corner)
    return Piece(centre, reach_of(frame, halves), distance)


def capsule(a, b, ra, rb):
    """A segment with round ends, its radius going from ra to rb."""
    centre = tuple((p + q) / 2 for p, q in zip(a, b))
    along = tuple(q - p for p, q in zip(a, b))
    length = max(dot(along, along), 1e-6)
    widest = max(ra, rb)

    def distance(dz, dy, dx):
        part = (dz * np.float32(along[0]) + dy * np.float32(along[1]) + dx * np.float32(along[2])) * np.float32(1 / length) + np.float32(0.5)
        part = np.clip(part, 0, 1)
        off = [d + np.float32(n / 2) - part * np.float32(n) for d, n in zip((dz, dy, dx), along)]
        return np.sqrt(off[0] * off[0] + off[1] * off[1] + off[2] * off[2]) - (np.float32(ra) + part * np.float32(rb - ra))
    return Piece(centre, tuple(abs(n) / 2 + widest for n in along), distance)


def chain(places, radii):
    """Capsules from place to place."""
    return [capsule(a, b, ra, rb) for a, b, ra, rb in zip(places, places[1:], radii, radii[1:])]


def torus(centre, frame, ring, tube):
    """Around the frame's first vector."""
    def distance(*places):
        w, u, v = turned(frame, *places)
        off = np.sqrt(u * u + v * v) - np.float32(ring)
        return np.sqrt(off * off + w * w) - np.float32(tube)
    return Piece(centre, reach_of(frame, (tube, ring + tube, ring + tube)), distance)


def cup(centre, frame, radius, wall, opening):
    """A hollow ball cut off where the frame's first coordinate passes `opening` of the radius."""
    def distance(*places):
        w, u, v = turned(frame, *places)
        shell = np.abs(np.sqrt(w * w + u * u + v * v) - np.float32(radius)) - np.float32(wall / 2)
        return np.maximum(shell, w - np.float32(opening * radius))
    return Piece(centre, (radius + wall,) * 3, distance)


def walk(draw, start, direction, step, count, bend):
    """A wandering line. @param bend how far the direction turns at each step, 0 is straight @returns places"""
    places, turn = [start], draw.direction()
    for _ in range(count):
        turn = draw.near(turn, 0.5)
        direction = unit(tuple(d + bend * t for d, t in zip(direction, turn)))
        places.append(moved(places[-1], direction, step))
    return places


def arc(centre, frame, radius, turns, count, rise=0.0):
    """Part of a circle, or of a spiral, across the frame's first vector. @returns places"""
    places = []
    for k in range(count + 1):
        c, s = circle(turns * k / count)
        place = moved(moved(centre, frame[1], radius * float(c)), frame[2], radius * float(s))
        places.append(moved(place, frame[0], rise * (k / count - 0.5)))
    return places
