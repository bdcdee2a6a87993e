// Taps of a Gaussian and its derivatives as scipy.ndimage 1.17 has them: the Gaussian cut at `4 sigma` and scaled to sum 1, then
// multiplied by the polynomial that differentiating the continuous Gaussian gives.

/** Places to each side: 4 sigma, rounded half up. */
export function smoothRadius(sigma: number): number {
  return Math.floor(4 * sigma + 0.5);
}

/** @param sigma in voxels; 0: `[1]` for the Gaussian itself, the central difference for its slope, the second difference for its curvature */
export function gaussianDerivativeTaps(sigma: number, order: 0 | 1 | 2): Float64Array {
  const radius = smoothRadius(sigma);
  if (radius === 0) return order === 0 ? Float64Array.of(1) : order === 1 ? Float64Array.of(-0.5, 0, 0.5) : Float64Array.of(1, -2, 1);
  const square = sigma * sigma;
  const taps = Float64Array.from({ length: 2 * radius + 1 }, (_, at) => Math.exp(-((at - radius) ** 2) / (2 * square)));
  const sum = taps.reduce((before, tap) => before + tap, 0);
  return taps.map((tap, at) => {
    const place = at - radius;
    const weight = order === 0 ? 1 : order === 1 ? place / square : (place * place - square) / (square * square);
    return (weight * tap) / sum;
  });
}
