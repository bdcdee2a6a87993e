// The nearest surface voxel of one label image to any place, however far. Surfaces are taken from the image box by box as they are
// needed, and kept under a budget.
import { MaskletError } from "#protocol/errors.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import { readHaloed, triple, type CoreBox, type CoreGrid } from "./core-boxes.ts";
import type { Pace } from "./pace.ts";
import { nearestInCells, surfaceCells, type SurfaceCells } from "./surface-cells.ts";
import { surfaceFlags } from "./surface-flags.ts";

/** Surface voxels kept of one image: some 40 million. Those of a volume of 512^3 are fewer. */
const keptBytes = 256 * 2 ** 20;

export class FarSurfaces {
  readonly #reader: LabelReader;
  readonly #grid: CoreGrid;
  readonly #spacing: Triple;
  readonly #occupied: Uint8Array;
  readonly #pace: Pace;
  readonly #signal: AbortSignal | undefined;
  /** The least recently used in front. */
  readonly #kept = new Map<number, SurfaceCells>();
  #keptBytes = 0;

  /** @param occupied by box of the grid, 0 where the image is all ground */
  constructor(reader: LabelReader, grid: CoreGrid, spacing: Triple, occupied: Uint8Array, pace: Pace, signal: AbortSignal | undefined) {
    this.#reader = reader;
    this.#grid = grid;
    this.#spacing = spacing;
    this.#occupied = occupied;
    this.#pace = pace;
    this.#signal = signal;
  }

  /** Squared distance in units. @param guess squared; what is found fast is not much further. @param id of the object, 0 for the foreground
   * @throws internal when the image has no such surface, what reading throws, cancelled */
  async nearest(place: Triple, guess: number, id: number): Promise<number> {
    const { size } = this.#grid;
    const whole = size.reduce((sum, side, axis) => sum + (side * this.#spacing[axis]!) ** 2, 0);
    // What lies at the guess itself is to be found too.
    for (let bound = guess * (1 + 1e-9); ; bound *= 4) {
      const best = await this.#within(place, bound, id);
      if (best < bound) return best;
      if (bound > whole) throw MaskletError.of("internal", { why: `${this.#reader.name} has no surface of object ${id} where one was seen` });
    }
  }

  /** Below the bound, or the bound. */
  async #within(place: Triple, bound: number, id: number): Promise<number> {
    const { core, counts, boxes } = this.#grid;
    const own = triple((axis) => Math.floor(place[axis] / core[axis]));
    let best = bound;
    const boxAt = (z: number, y: number, x: number): CoreBox => boxes[(z * counts[1] + y) * counts[2] + x]!;
    const look = async (box: CoreBox): Promise<void> => {
      if (this.#occupied[box.nth] === 0) return;
      best = nearestInCells(this.#kept.get(box.nth) ?? await this.#load(box), place, this.#spacing, best, id);
    };
    await look(boxAt(...own));
    const reach = triple((axis) => Math.sqrt(best) / this.#spacing[axis]);
    const [z0, y0, x0] = triple((axis) => Math.max(0, Math.floor((place[axis] - reach[axis]) / core[axis])));
    const [z1, y1, x1] = triple((axis) => Math.min(counts[axis] - 1, Math.floor((place[axis] + reach[axis]) / core[axis])));
    for (let z = z0; z <= z1; z++) for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) {
      if (z !== own[0] || y !== own[1] || x !== own[2]) await look(boxAt(z, y, x));
    }
    return best;
  }

  async #load(box: CoreBox): Promise<SurfaceCells> {
    const halo = triple((axis) => Number(this.#grid.size[axis] > 1));
    const labels = await readHaloed(this.#reader, box, halo, this.#signal);
    const found = surfaceCells(box.start, labels, await surfaceFlags(labels.ids, labels.size, this.#pace), halo);
    for (const [nth, oldest] of this.#kept) {
      if (this.#keptBytes + found.sizeBytes <= keptBytes) break;
      this.#kept.delete(nth);
      this.#keptBytes -= oldest.sizeBytes;
    }
    this.#kept.set(box.nth, found);
    this.#keptBytes += found.sizeBytes;
    return found;
  }
}
