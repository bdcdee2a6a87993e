"""From matter to the picture of an instrument. Each takes (matter, draw, canvas, notes) and returns grey near 0..1; what was drawn is noted."""
import numpy as np

from .steps import counted, curtains, dimmed, noisy, out_of_focus, rings, shaded, sharpened, spiked, streaks, uneven_planes
from .fields import blurred

F = np.float32


def point_spread(canvas, across, along):
    """Sigmas in voxels from sigmas in finest sides, across and along z."""
    return [along / canvas.ratio[0], across / canvas.ratio[1], across / canvas.ratio[2]]


def ct(matter, draw, canvas, notes):
    """X-ray CT: particles dark or light on mid grey, fringes, rings, streaks, noise that is correlated."""
    polarity, contrast = draw.sign(), draw.root(0.12, 0.5)
    base = draw.uniform(0.3, 0.5) if polarity > 0 else draw.uniform(0.5, 0.75)
    ratio = draw.root(1.5, 16)
    notes.update(polarity=polarity, contrast=contrast, contrast_to_noise=ratio)
    sigma = draw.root(0.3, 1.6)
    grey = blurred(matter, point_spread(canvas, sigma, sigma)) * F(polarity * contrast) + F(base)
    if draw.chance(0.35):
        notes["fringes"] = draw.uniform(0.4, 2)
        grey = sharpened(grey, notes["fringes"], point_spread(canvas, draw.uniform(1, 2.5), 1.5))
    if draw.chance(0.3):
        grey = shaded(grey, draw, draw.root(0.02, 0.2))
    if draw.chance(0.5):
        notes["rings"] = draw.root(0.03, 0.35)
        grey = rings(grey, draw, contrast * notes["rings"])
    if draw.chance(0.25):
        notes["streaks"] = draw.root(0.05, 0.6)
        grey = streaks(grey, draw, contrast * notes["streaks"])
    return noisy(grey, draw, contrast / ratio, draw.uniform(0.3, 1.1) if draw.chance(0.5) else 0.0)


def confocal(matter, draw, canvas, notes):
    """Fluorescence: light on dark, few photons, blurred along z, dimmer with depth, unequal light; the dye may fill the rest instead."""
    polarity = 1.0 if draw.chance(0.85) else -1.0
    photons = draw.root(5, 100)
    notes.update(polarity=polarity, photons=photons)
    background = draw.root(0.01, 0.2)
    sigma = draw.root(0.4, 1.6)
    light = blurred(matter, point_spread(canvas, sigma, sigma * draw.uniform(1, 3)))
    light = np.maximum(light if polarity > 0 else F(1) - light, 0) * F(draw.uniform(0.5, 0.9)) + F(background)
    if draw.chance(0.4):
        notes["haze"] = draw.uniform(0.05, 0.4)
        cells = [max(2, int(canvas.scale * part / step)) for part, step in zip((0.6, 0.35, 0.35), canvas.ratio)]
        light = out_of_focus(light, notes["haze"], cells)
    if draw.chance(0.4):
        light = dimmed(light, draw, draw.uniform(0.2, 0.8))
    if draw.chance(0.3):
        light = shaded(light, draw, draw.root(0.05, 0.4))
    grey = counted(light, draw, photons)
    if draw.chance(0.35):
        grey = blurred(grey, (0, 0.6, 0.6))
    grey = noisy(grey, draw, draw.root(0.002, 0.05))
    return spiked(grey, draw, 1.2) if draw.chance(0.1) else grey


def em(matter, draw, canvas, notes):
    """Electron microscopy of sections or a milled block: dark matter on light, or inverted; grainy, planes unequal, curtains."""
    polarity, contrast = (-1.0 if draw.chance(0.75) else 1.0), draw.root(0.15, 0.55)
    ratio = draw.root(1.5, 14)
    notes.update(polarity=polarity, contrast=contrast, contrast_to_noise=ratio)
    sigma = draw.root(0.25, 1.2)
    grey = blurred(matter, point_spread(canvas, sigma, 0.0)) * F(polarity * contrast) + F(0.62 if polarity < 0 else 0.35)
    # Stain is never even.
    grey += canvas.fine[:, ::-1, ::-1] * F(contrast * draw.root(0.01, 0.15))
    if draw.chance(0.4):
        grey = shaded(grey, draw, draw.root(0.03, 0.2))
    if draw.chance(0.3):
        notes["curtains"] = draw.root(0.03, 0.35)
        grey = curtains(grey, draw, contrast * notes["curtains"])
    if draw.chance(0.5):
        grey = uneven_planes(grey, draw, draw.root(0.01, 0.12), draw.root(0.01, 0.08))
    return noisy(grey, draw, contrast / ratio, draw.uniform(0.3, 0.9) if draw.chance(0.4) else 0.0)


def bright_field(matter, draw, canvas, notes):
    """Light that passes: dark on light with rims, halos, vignetting and what is out of focus; or its negative, as of dark-field."""
    polarity, contrast = (-1.0 if draw.chance(0.8) else 1.0), draw.root(0.1, 0.6)
    notes.update(polarity=polarity, contrast=contrast)
    sigma = draw.root(0.5, 1.8)
    near = blurred(matter, point_spread(canvas, sigma, sigma * draw.uniform(1, 2.5)))
    if draw.chance(0.6):
        notes["haze"] = draw.uniform(0.1, 0.5)
        near = out_of_focus(near, notes["haze"], [max(2, int(canvas.scale * part / step)) for part, step in zip((0.8, 0.25, 0.25), canvas.ratio)])
    if draw.chance(0.6):
        notes["halo"] = draw.uniform(0.3, 1.6)
        near = sharpened(near, notes["halo"], point_spread(canvas, draw.uniform(1.5, 4), 1))
    if draw.chance(0.25):
        # Lit from one side, as in differential interference contrast.
        notes["relief"] = draw.uniform(0.5, 2)
        near = near * F(0.5) + (near - np.roll(near, (2, 2), (1, 2))) * F(notes["relief"])
    grey = near * F(polarity * contrast) + F(draw.uniform(0.6, 0.8) if polarity < 0 else draw.uniform(0.15, 0.4))
    grey = shaded(grey, draw, draw.root(0.02, 0.25))
    return noisy(grey, draw, contrast / draw.root(3, 25), 0.5 if draw.chance(0.3) else 0.0)


MODALITIES = {"ct": ct, "confocal": confocal, "em": em, "bright-field": bright_field}
