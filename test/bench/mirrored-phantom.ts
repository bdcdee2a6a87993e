// A nano-CT phantom of any size: one block of platelets, mirrored from block to block so that it goes on without a seam.
import { makePhantom } from "../../fixtures/make/phantom.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";

const block = 128;

/** Values of 8 bits of any box of the volume. */
export interface MirroredPhantom {
  read(start: Size3, end: Size3): Uint8Array;
}

/** About 7 % solids. Rings and lines are those of one block: what differs from slice to slice is noise and particles. */
export function mirroredPhantom(): MirroredPhantom {
  const { raw } = makePhantom({ shape: [block, block, block], particles: 45, radius: [9, 20], stacked: 12, leaning: 8, seed: 21 });
  const values = Uint8Array.from(raw, (value) => Math.min(255, Math.max(0, Math.round((value - 20_000) / 80))));
  const mirrored = (at: number): number => (Math.floor(at / block) % 2 === 0 ? at % block : block - 1 - (at % block));
  return {
    read: (start, end) => {
      const out = new Uint8Array((end[0] - start[0]) * (end[1] - start[1]) * (end[2] - start[2]));
      let to = 0;
      for (let z = start[0]; z < end[0]; z++) {
        for (let y = start[1]; y < end[1]; y++) {
          const row = (mirrored(z) * block + mirrored(y)) * block;
          for (let x = start[2]; x < end[2]; x++) out[to++] = values[row + mirrored(x)]!;
        }
      }
      return out;
    },
  };
}
