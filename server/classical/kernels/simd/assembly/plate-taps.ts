// A stencil from samples between voxels.

/**
 * Shares each sample's weight among the eight voxels around it (trilinear) and lists every neighbour with a weight. A neighbour and its
 * mirror image about the voxel are one entry, under the one that comes first in raster order, with what both have been given.
 * @param samples o, a, b and weight of each (f64): it lies at o n + a u + b v @param frame n, u, v, each z, y, x (f64), in voxels
 * @param sums a place for each neighbour (f64) of the first half of a cube of `side` voxels, its middle the last; all 0, before and after
 * @param table steps (i32) to those neighbours @param steps, weights get the list (i32, f32), `count` its length (i32); it, and the two
 * above, have room for a multiple of 8
 */
export function plateTaps(samples: usize, sampleCount: i32, frame: usize, sums: usize, side: i32, table: usize, steps: usize, weights: usize, count: usize): void {
  const plane = side * side;
  const middle = (plane * side - 1) >> 1;
  for (let nth = 0; nth < sampleCount; nth++, samples += 32) {
    const o = load<f64>(samples);
    const a = load<f64>(samples, 8);
    const b = load<f64>(samples, 16);
    const weight = load<f64>(samples, 24);
    const z = o * load<f64>(frame) + a * load<f64>(frame, 24) + b * load<f64>(frame, 48);
    const y = o * load<f64>(frame, 8) + a * load<f64>(frame, 32) + b * load<f64>(frame, 56);
    const x = o * load<f64>(frame, 16) + a * load<f64>(frame, 40) + b * load<f64>(frame, 64);
    const lowZ = Math.floor(z);
    const lowY = Math.floor(y);
    const lowX = Math.floor(x);
    const first = middle + <i32>lowZ * plane + <i32>lowY * side + <i32>lowX;
    const below = weight * (z - lowZ);
    const above = weight - below;
    const belowAfter = below * (y - lowY);
    const aboveAfter = above * (y - lowY);
    addPair(sums, middle, first, above - aboveAfter, x - lowX);
    addPair(sums, middle, first + side, aboveAfter, x - lowX);
    addPair(sums, middle, first + plane, below - belowAfter, x - lowX);
    addPair(sums, middle, first + plane + side, belowAfter, x - lowX);
  }
  let length: usize = 0;
  const none = f64x2.splat(0);
  for (let at: usize = 0; at <= <usize>middle; at += 8) {
    const place = sums + (at << 3);
    const any = v128.or(v128.or(v128.load(place), v128.load(place, 16)), v128.or(v128.load(place, 32), v128.load(place, 48)));
    if (!v128.any_true(any)) continue;
    // Every neighbour is written, and the next one over it if it has no weight.
    for (let lane: usize = 0; lane < 8; lane++) {
      const weight = <f32>load<f64>(place + (lane << 3));
      store<i32>(steps + length, load<i32>(table + ((at + lane) << 2)));
      store<f32>(weights + length, weight);
      length += <usize>(weight != 0) << 2;
    }
    v128.store(place, none);
    v128.store(place, none, 16);
    v128.store(place, none, 32);
    v128.store(place, none, 48);
  }
  store<i32>(count, <i32>(length >> 2));
}

@inline
function addPair(sums: usize, middle: i32, at: i32, weight: f64, right: f64): void {
  const share = weight * right;
  add(sums, middle, at, weight - share);
  add(sums, middle, at + 1, share);
}

@inline
function add(sums: usize, middle: i32, at: i32, weight: f64): void {
  const place = sums + (<usize>(at > middle ? 2 * middle - at : at) << 3);
  store<f64>(place, load<f64>(place) + weight);
}
