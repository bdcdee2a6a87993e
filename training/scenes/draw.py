"""Seeded draws that are the same on every machine. Whatever ends in a scene uses these and + - * / sqrt alone, which IEEE 754 defines to the
last bit; exp, sin, pow, BLAS and sums of NumPy may differ in it from processor to processor."""
import math

import numpy as np

# Of the sum of four random bytes.
WHITE_MEAN, WHITE_DEVIATION = 510, math.sqrt(4 * (256**2 - 1) / 12)


def circle(turns):
    """A point of the unit circle, (cosine, sine) of nearly that many turns: each quarter by its rational parametrisation, so the speed
    varies by 20 % within one. @param turns number or float array"""
    quarter = np.floor(turns * 4)
    t = turns * 4 - quarter
    c, s = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    quarter = quarter % 4
    first, second = np.where(quarter % 2 == 0, c, s), np.where(quarter % 2 == 0, s, c)
    return np.where((quarter == 0) | (quarter == 3), first, -first), np.where(quarter < 2, second, -second)


class Draw:
    """One PCG64, from whole numbers."""

    def __init__(self, *entropy):
        self.rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))

    def uniform(self, low, high):
        return low + (high - low) * float(self.rng.random())

    def root(self, low, high):
        """Uniform in the square root: small values more often."""
        return self.uniform(math.sqrt(low), math.sqrt(high)) ** 2

    def whole(self, low, high):
        """A whole number of low ... high."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, part):
        return float(self.rng.random()) < part

    def pick(self, some):
        return some[self.whole(0, len(some) - 1)]

    def weighted(self, weights):
        """@param weights of each name, in the order of the dict"""
        left = self.uniform(0, sum(weights.values()))
        for name, weight in weights.items():
            left -= weight
            if left < 0:
                return name
        return name

    def sign(self):
        return 1.0 if self.chance(0.5) else -1.0

    def normal(self):
        """Nearly: twelve uniform numbers, less six."""
        total = -6.0
        for value in self.rng.random(12):
            total += float(value)
        return total

    def direction(self):
        """A unit vector (z, y, x), evenly over the sphere."""
        while True:
            a, b, c = (self.uniform(-1, 1) for _ in range(3))
            norm = a * a + b * b + c * c
            if 0.01 < norm <= 1:
                return unit((a, b, c))

    def near(self, direction, spread):
        """A unit vector about another; @param spread 0 is that one, 1 and more is any"""
        other = self.direction()
        return unit(tuple(d + spread * o for d, o in zip(direction, other)))

    def frame(self, first=None):
        """Three orthogonal unit vectors, evenly turned; the first may be given."""
        first = first or self.direction()
        while True:
            second = cross(first, self.direction())
            if dot(second, second) > 0.01:
                second = unit(second)
                return first, second, cross(first, second)

    def tilted(self, frame, spread):
        """A frame near another, its second vector still about where it was."""
        first = self.near(frame[0], spread)
        second = unit(moved(frame[1], first, -dot(frame[1], first)))
        return first, second, cross(first, second)

    def white(self, shape):
        """float32 noise of mean 0 and deviation 1, nearly normal (never beyond 3.5)."""
        count = 1
        for side in shape:
            count *= side
        bits = self.rng.integers(0, 2**64, (count + 1) // 2, np.uint64).astype("<u8", copy=False).view("<u4")[:count]
        pairs = (bits & np.uint32(0x00FF00FF)) + ((bits >> np.uint32(8)) & np.uint32(0x00FF00FF))
        sums = ((pairs & np.uint32(0xFFFF)) + (pairs >> np.uint32(16))).astype(np.float32)
        sums -= np.float32(WHITE_MEAN)
        sums *= np.float32(1 / WHITE_DEVIATION)
        return sums.reshape(shape)


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a, b):
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def unit(a):
    norm = math.sqrt(dot(a, a))
    return a[0] / norm, a[1] / norm, a[2] / norm


def moved(place, direction, by):
    return tuple(p + by * d for p, d in zip(place, direction))
