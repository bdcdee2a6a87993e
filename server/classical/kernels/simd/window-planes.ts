// Walks a volume plane by plane with the planes that a window along z reaches ready in a few slots.
import { sourceIndex } from "../border.ts";
import type { Border } from "../size3.ts";

/** Slots that are enough for a window: its planes, and one for the constant beyond the edge. */
export function windowSlots(reach: number): number {
  return 2 * reach + 2;
}

/**
 * @param reach planes to each side
 * @param prepare is called when a source plane (-1: all constant) must be in a slot, once for each stay there
 * @param visit is called for every plane in ascending order with the slots of the planes from z - reach to z + reach
 */
export function windowPlanes(depth: number, reach: number, border: Border, prepare: (source: number, slot: number) => void, visit: (z: number, slots: readonly number[]) => void): void {
  const held: number[] = Array(windowSlots(reach)).fill(-2);
  for (let z = 0; z < depth; z++) {
    const wanted = Array.from({ length: 2 * reach + 1 }, (_, nth) => sourceIndex(z + nth - reach, depth, border));
    for (const source of wanted) {
      if (held.includes(source)) continue;
      const slot = held.findIndex((other) => !wanted.includes(other));
      held[slot] = source;
      prepare(source, slot);
    }
    visit(z, wanted.map((source) => held.indexOf(source)));
  }
}
