"""What happens to matter on its way to grey values, one step a function: (grey float32 [z, y, x], draw, ...) -> grey. Planes of acquisition are z."""
import numpy as np

from .draw import circle
from .fields import blurred, enlarged, haze, taps

F = np.float32


def sharpened(grey, amount, sigmas):
    """Light and dark fringes along edges, as of phase contrast or of a reconstruction filter; a negative amount gives halos."""
    return grey + (grey - blurred(grey, sigmas)) * F(amount)


def line(draw, count, cell):
    """A smooth random function of one coordinate, deviation near 1."""
    cell = max(1.0, cell)
    lattice = draw.white((1, 1, int(count / cell) + 4))
    return enlarged(np.repeat(np.repeat(lattice, 4, 0), 4, 1), (1, 1, count), (1, 1, cell))[0, 0]


def rings(grey, draw, strength):
    """Rings about the axis of rotation, in or beside the picture, some only parts of the way around, changing slowly along z."""
    depth, height, width = grey.shape
    cy, cx = draw.uniform(-0.6, 1.6) * height, draw.uniform(-0.6, 1.6) * width
    y, x = (np.arange(height) - cy)[:, None], (np.arange(width) - cx)[None]
    radius = np.sqrt(y * y + x * x)
    profile = draw.white((int(radius.max()) + 3,)) * (np.abs(draw.white((int(radius.max()) + 3,))) > F(draw.uniform(0.3, 1.6)))
    first = np.floor(radius).astype(np.int64)
    part = (radius - first).astype(F)
    seen = profile[first] * (1 - part) + profile[first + 1] * part
    along = line(draw, depth, draw.uniform(8, 40)) * F(0.4) + F(0.8)
    return grey + seen[None] * (along * F(strength))[:, None, None]


def streaks(grey, draw, strength):
    """Straight streaks through a few places, fading to both sides, as from dense bits or too few views."""
    depth, height, width = grey.shape
    total = np.zeros((height, width), F)
    y, x = np.arange(height, dtype=F)[:, None], np.arange(width, dtype=F)[None]
    for _ in range(draw.whole(3, 14)):
        cy, cx, (c, s) = draw.uniform(0, height), draw.uniform(0, width), circle(draw.uniform(0, 1))
        across = ((y - F(cy)) * F(c) + (x - F(cx)) * F(s)) * F(1 / draw.uniform(0.7, 2.5))
        along = ((x - F(cx)) * F(c) - (y - F(cy)) * F(s)) * F(1 / (draw.uniform(0.15, 0.8) * max(height, width)))
        total += F(draw.normal()) / ((1 + across * across) * (1 + along * along))
    fade = line(draw, depth, draw.uniform(5, 30))
    return grey + total[None] * (fade * F(strength))[:, None, None]


def curtains(grey, draw, strength):
    """Stripes along y as an ion beam leaves them, other ones on each plane."""
    depth, height, width = grey.shape
    cells = (draw.uniform(1, 3), max(8.0, height * draw.uniform(0.3, 1)), draw.uniform(1.5, 5))
    stripes = draw.white([int(side / cell) + 4 for side, cell in zip(grey.shape, cells)])
    return grey + enlarged(stripes, (depth, height, width), cells) * F(strength)


def shaded(grey, draw, strength):
    """Uneven light: multiplied by a smooth field about 1."""
    cells = [max(4.0, side * draw.uniform(0.5, 1.2)) for side in grey.shape]
    light = enlarged(draw.white([int(side / cell) + 4 for side, cell in zip(grey.shape, cells)]), grey.shape, cells)
    return grey * np.clip(1 + light * F(1.4 * strength), F(0.15), F(2))


def dimmed(grey, draw, least):
    """Darker with depth, down to a part of the light on the last plane, or the first."""
    part = np.linspace(0, 1, len(grey), dtype=F)
    part = part if draw.chance(0.5) else part[::-1]
    return grey * (1 / (1 + part * F(1 / least - 1)))[:, None, None]


def uneven_planes(grey, draw, gain, offset):
    """Every plane a little lighter, darker or flatter than its neighbours."""
    gains = 1 + draw.white((len(grey),)) * F(gain)
    return grey * gains[:, None, None] + (draw.white((len(grey),)) * F(offset))[:, None, None]


def shifts_of(draw, depth, reach):
    """Whole (y, x) steps of each plane: jitter of each, or sudden jumps that stay. @param reach voxels"""
    if draw.chance(0.5):
        return np.clip((draw.white((depth, 2)) * F(reach / 2) + F(0.5)).astype(np.int64), -reach, reach)
    jumps = (draw.white((depth, 2)) * F(reach)).astype(np.int64) * (draw.rng.random((depth, 1)) < 0.12)
    return np.clip(np.cumsum(jumps, 0), -2 * reach, 2 * reach)


def shifted(stack, shifts):
    """Moves every plane, its edge repeated."""
    result = np.empty_like(stack)
    rows, columns = np.arange(stack.shape[1]), np.arange(stack.shape[2])
    for plane, (dy, dx) in enumerate(shifts.tolist()):
        if dy == 0 and dx == 0:
            result[plane] = stack[plane]
        else:
            moved = stack[plane][np.clip(rows - dy, 0, len(rows) - 1)]
            result[plane] = moved[:, np.clip(columns - dx, 0, len(columns) - 1)]
    return result


def counted(grey, draw, photons):
    """Poisson noise by the inverse of Anscombe's transform (Biometrika 35, 1948), close from about two counts on. @param photons where grey is 1"""
    root = np.sqrt(np.maximum(grey, 0) * F(photons) + F(0.375)) + draw.white(grey.shape) * F(0.5)
    counts = np.floor(np.maximum(root * np.abs(root) - F(0.125), 0) + F(0.5))
    return counts * F(1 / photons)


def noisy(grey, draw, deviation, grain=0.0):
    """Gaussian noise; @param grain its sigma in voxels, as of a reconstruction or an enlarged picture; the deviation stays"""
    noise = draw.white(grey.shape)
    if grain >= 0.3:
        noise = blurred(noise, (grain * 0.7, grain, grain))
        noise *= F(1 / (deviation_left(grain * 0.7) * deviation_left(grain) ** 2))
    return grey + noise * F(deviation)


def deviation_left(sigma):
    """The deviation that is left of white noise blurred along one axis."""
    if sigma < 0.2:
        return 1.0
    half = [float(tap) for tap in taps(sigma)]
    total = half[0] * half[0]
    for tap in half[1:]:
        total += 2 * tap * tap
    return float(np.sqrt(total))


def spiked(grey, draw, level):
    """Single hot voxels, about one in 5000."""
    result = grey.copy().reshape(-1)
    result[draw.rng.integers(0, result.size, result.size // 5000)] = F(level)
    return result.reshape(grey.shape)


def out_of_focus(grey, strength, cells):
    """Light of other planes, widely blurred, over this one."""
    return grey * F(1 - strength) + haze(grey, cells) * F(strength)


def lost(grey, draw, planes, base):
    """Planes that were not taken: empty, washed out, or full of noise."""
    how = draw.weighted({"empty": 4, "noise": 3, "washed": 3})
    for plane in planes:
        if how == "empty":
            grey[plane] = F(draw.pick([0.0, base, 1.0]))
        elif how == "noise":
            grey[plane] = F(base) + draw.white(grey.shape[1:]) * F(0.35)
        else:
            grey[plane] = grey[plane] * F(0.08) + F(draw.uniform(0.1, 0.9))
    return grey
