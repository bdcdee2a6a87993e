// Enlarging a small grid of vectors as PyTorch does (interpolate, mode bicubic, align_corners false, no antialias), so that
// position embeddings need not be resized at run time.
// Keys, Cubic convolution interpolation for digital image processing (1981), with a = -0.75.

const A = -0.75;

/** The four weights of the samples at -1, 0, 1, 2 for a place `t` in [0, 1) between samples 0 and 1. */
function weightsAt(t: number): [number, number, number, number] {
  const near = (d: number) => ((A + 2) * d - (A + 3)) * d * d + 1;
  const far = (d: number) => ((A * d - 5 * A) * d + 8 * A) * d - 4 * A;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)];
}

/**
 * @param grid [channels, from, from]
 * @returns [to, to, channels]
 */
export function enlarge(grid: Float32Array, channels: number, from: number, to: number): Float32Array {
  const taps = Array.from({ length: to }, (_, index) => {
    // Half-pixel centres; beyond the edge its last sample goes on.
    const place = ((index + 0.5) * from) / to - 0.5;
    const first = Math.floor(place);
    return { at: [-1, 0, 1, 2].map((step) => Math.min(Math.max(first + step, 0), from - 1)), weights: weightsAt(place - first) };
  });
  const enlarged = new Float32Array(to * to * channels);
  const columns = new Float64Array(from * to);
  for (let channel = 0; channel < channels; channel++) {
    const plane = grid.subarray(channel * from * from, (channel + 1) * from * from);
    for (let y = 0; y < from; y++) {
      for (let x = 0; x < to; x++) {
        const { at, weights } = taps[x]!;
        let sum = 0;
        for (let tap = 0; tap < 4; tap++) sum += plane[y * from + at[tap]!]! * weights[tap]!;
        columns[y * to + x] = sum;
      }
    }
    for (let y = 0; y < to; y++) {
      const { at, weights } = taps[y]!;
      for (let x = 0; x < to; x++) {
        let sum = 0;
        for (let tap = 0; tap < 4; tap++) sum += columns[at[tap]! * to + x]! * weights[tap]!;
        enlarged[(y * to + x) * channels + channel] = sum;
      }
    }
  }
  return enlarged;
}
