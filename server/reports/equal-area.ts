// Axes on the equal-area net of Lambert (Schmidt), and how densely they lie there.
import type { Triple } from "#server/volumes/label-reader.ts";

/** On the net: its centre is 0, 0, its rim the circle of radius 1; x to the right, y down, as slices lie on the screen. */
export interface NetPoint {
  readonly x: number;
  readonly y: number;
}

/** Where an axis pierces the hemisphere z >= 0. Along z: the centre; in the slice: the rim, at its azimuth. @param axis unit vector [z, y, x], of either sign */
export function onNet([z, y, x]: Triple): NetPoint {
  const sign = z < 0 ? -1 : 1;
  const length = Math.hypot(x, y);
  if (length === 0) return { x: 0, y: 0 };
  // r = sqrt(2) sin(inclination / 2), from cos: sin^2(a / 2) = (1 - cos a) / 2.
  const radius = Math.sqrt(1 - Math.min(1, Math.abs(z)));
  return { x: (sign * radius * x) / length, y: (sign * radius * y) / length };
}

/** The direction at a place of the net. Places outside the rim, up to sqrt(2), lie on the other hemisphere, where the axes of the rim go on. */
export function fromNet({ x, y }: NetPoint): Triple {
  const square = Math.min(2, x * x + y * y);
  const z = 1 - square;
  const stretch = Math.sqrt(2 - square);
  return [z, y * stretch, x * stretch];
}

/** The circle of all axes at an inclination, in degrees. */
export function netRadius(inclination: number): number {
  return Math.SQRT2 * Math.sin((inclination * Math.PI) / 360);
}

/**
 * Density of the axes at the middles of `side` x `side` cells over the square [-1, 1]^2 of the net, row by row, in multiples of an even
 * spread; the mean over the hemisphere is 1. Exponential kernel of Vollmer (1995), eq. for Kamb's three sigma: exp(k (|cos| - 1)) with
 * k = 2 (1 + n / 9), here at most 100 (about 6 degrees), so that many axes still give smooth contours.
 */
export function netDensity(axes: readonly Triple[], side: number): Float64Array {
  const k = Math.min(100, 2 * (1 + axes.length / 9));
  const norm = k / (1 - Math.exp(-k)) / axes.length;
  const directions = gathered(axes);
  const density = new Float64Array(side * side);
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at++) {
      const [z, y, x] = fromNet({ x: (2 * (column + 0.5)) / side - 1, y: (2 * (row + 0.5)) / side - 1 });
      let sum = 0;
      for (const { axis, count } of directions) sum += count * Math.exp(k * (Math.min(1, Math.abs(axis[0] * z + axis[1] * y + axis[2] * x)) - 1));
      density[at] = sum * norm;
    }
  }
  return density;
}

/** Many axes as the middles of small cells of the net, so that the time does not grow with them; the cells are narrower than the kernel. */
function gathered(axes: readonly Triple[]): { axis: Triple; count: number }[] {
  if (axes.length <= 2000) return axes.map((axis) => ({ axis, count: 1 }));
  return netCells(axes, 80).map(({ x, y, count }) => ({ axis: fromNet({ x, y }), count }));
}

/** How many axes lie in each of `side` x `side` cells over the net, those that hold some. */
export function netCells(axes: readonly Triple[], side: number): (NetPoint & { readonly count: number })[] {
  const counts = new Uint32Array(side * side);
  for (const axis of axes) {
    const { x, y } = onNet(axis);
    const cell = (value: number): number => Math.min(side - 1, Math.max(0, Math.floor(((value + 1) / 2) * side)));
    counts[cell(y) * side + cell(x)]!++;
  }
  const middle = (at: number): number => (2 * (at + 0.5)) / side - 1;
  return [...counts].flatMap((count, at) => (count === 0 ? [] : [{ x: middle(at % side), y: middle(Math.floor(at / side)), count }]));
}
