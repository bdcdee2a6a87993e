// The code of an object pointer's distance in time: sines then cosines, not interleaved. Networks of the 2.1 kind project it
// (inside the graph); those of 2.0 have none.
import type { Sam2Config } from "./config.ts";

const TEMPERATURE = 10_000;

/**
 * @param distances in planes, in the direction of travel
 * @param frames how many frames pointers are taken from; distances are divided by one less, and with one frame by nothing,
 * which is not a number
 * @returns `[distances, width]`
 */
export function pointerTimes(distances: readonly number[], frames: number, config: Pick<Sam2Config, "width" | "pointerTime">): Float32Array {
  const { width } = config;
  const codes = new Float32Array(distances.length * width);
  if (!config.pointerTime) return codes;
  const half = width / 2;
  for (const [row, distance] of distances.entries()) {
    const place = Math.fround(distance / (frames - 1));
    for (let at = 0; at < half; at++) {
      const angle = place / TEMPERATURE ** ((2 * Math.floor(at / 2)) / half);
      codes[row * width + at] = Math.sin(angle);
      codes[row * width + half + at] = Math.cos(angle);
    }
  }
  return codes;
}
