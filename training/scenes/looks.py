"""How the objects of one scene look inside, what they lie in, and what else is there that is no object."""
import numpy as np

from .canvas import Look
from .draw import moved
from .fields import haze, smooth
from .shapes import bumpy, chain, ellipsoid, walk


def looks(draw, rims=0.3, textures=0.6, spread=0.3, thin=False):
    """
    One style a scene.
    @param rims, textures chances
    @param spread greatest deviation between objects
    @param thin no thicker than texture, which then must not break them up
    @returns a function that draws a Look
    """
    spread = draw.root(0.01, spread)
    rim = draw.uniform(0.25, 0.8) * (1 if draw.chance(0.6) else -1) if draw.chance(rims) else 0.0
    width = draw.uniform(1.2, 3.5)
    fine = draw.root(0.03, 0.15 if thin else 0.4) if draw.chance(textures) else 0.0
    coarse = draw.root(0.03, 0.35) if draw.chance(textures) else 0.0
    # At times the texture tells more than the level.
    faint = 0.45 if not thin and draw.chance(0.05) and max(fine, coarse) > 0.12 else 1.0
    levels = [1.0] if draw.chance(0.75) else [1.0, draw.uniform(0.45, 0.8)]

    def one():
        level = faint * max(0.35, draw.pick(levels) + spread * draw.normal())
        return Look(level, rim * faint, width, fine, coarse)
    return one


def surround(canvas, draw, plain=False):
    """Matter before any object: flat, grainy, clouded, or sloping."""
    if draw.chance(0.7 if not plain else 0.25):
        canvas.matter += canvas.fine[::-1, ::-1, ::-1] * np.float32(draw.root(0.02, 0.22))
    if draw.chance(0.55 if not plain else 0.2):
        canvas.matter += canvas.coarse[::-1, ::-1, ::-1] * np.float32(draw.root(0.02, 0.16))
    if draw.chance(0.4):
        way = draw.direction()
        for places, side, part in zip(canvas.grid(), canvas.extent, way):
            canvas.matter += (places * np.float32(1 / side) - np.float32(0.5)) * np.float32(part * draw.root(0.05, 0.5))
    if not plain and draw.chance(0.15):
        # A second phase, with a soft border.
        cloud = smooth(draw, canvas.size, [canvas.scale * 1.6 / step for step in canvas.ratio])
        canvas.matter += np.clip(cloud * 3, 0, 1) * np.float32(draw.uniform(0.12, 0.4) * draw.sign())


def distract(canvas, draw, amount=1.0):
    """What is seen but is no object: specks, threads, faint clouds of the objects' size, as light or dark as the objects or the other way."""
    scale = canvas.scale
    if draw.chance(0.45 * amount):
        level, radius = draw.uniform(0.5, 1.4) * draw.sign(), draw.uniform(1.0, 2.6)
        for _ in range(draw.whole(4, 40)):
            radii = [radius * draw.uniform(0.6, 1.4) for _ in range(3)]
            canvas.put([ellipsoid(canvas.somewhere(), draw.frame(), radii)], Look(level), overlap=0.5, least=1, labelled=False)
    if draw.chance(0.2 * amount):
        level, radius = draw.uniform(0.3, 1.0) * draw.sign(), draw.uniform(0.8, 2.2)
        for _ in range(draw.whole(2, 8)):
            places = walk(draw, canvas.somewhere(), draw.direction(), scale * 0.5, draw.whole(3, 9), 0.35)
            canvas.put(chain(places, [radius] * len(places)), Look(level), overlap=0.6, labelled=False)
    if draw.chance(0.2 * amount):
        level = draw.uniform(0.15, 0.45) * draw.sign()
        for _ in range(draw.whole(1, 6)):
            radii = [scale * draw.uniform(0.3, 0.7) for _ in range(3)]
            body = bumpy(canvas, canvas.somewhere(), draw.frame(), radii, 0.2 * scale)
            canvas.put([body], Look(level, soft=draw.uniform(1, 6)), overlap=0.7, labelled=False)
    if draw.chance(0.12 * amount):
        ball = draw.uniform(0.4, 0.9) * scale
        place = moved(canvas.somewhere(), draw.direction(), scale)
        canvas.put([ellipsoid(place, draw.frame(), (ball, ball, ball))], Look(-draw.uniform(0.3, 1.0)), overlap=0.6, labelled=False)


def glow(canvas, strength, cells):
    """Light of the objects spread around them, as of what is out of focus."""
    canvas.matter += haze(np.maximum(canvas.matter, 0), cells) * np.float32(strength)
