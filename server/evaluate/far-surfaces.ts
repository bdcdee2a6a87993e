// The nearest surface voxel of one label image to any place, however far. Surfaces are taken from the image box by box as they are
// needed, and kept under a budget.
import { MaskletError } from "#protocol/errors.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";
import { readHaloed, triple, type CoreBox, type CoreGrid, type HaloedLabels } from "./core-boxes.ts";
import type { Pace } from "./pace.ts";
import { nearestInCells, surfaceCells, type Nearest, type Sought, type SurfaceCells } from "./surface-cells.ts";
import { surfaceFlags } from "./surface-flags.ts";

/** Surface voxels kept of one image: some 18 million, more than those of a volume of 512^3. */
const keptBytes = 128 * 2 ** 20;

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

  /** @param bound squared: what is sought is known to lie within it, Infinity where nothing is known
   * @throws internal when there is no such surface, what reading throws, cancelled */
  async nearest(sought: Sought, bound: number): Promise<Nearest> {
    const { core, counts, boxes } = this.#grid;
    const { place, start, end } = sought;
    // What lies at the bound itself is to be found too.
    const open = bound * (1 + 1e-9);
    const nearest: Nearest = { square: open, place };
    const look = async (z: number, y: number, x: number): Promise<void> => {
      const box = boxes[(z * counts[1] + y) * counts[2] + x]!;
      if (this.#occupied[box.nth] === 1) nearestInCells(this.#kept.get(box.nth) ?? await this.#load(box), sought, this.#spacing, nearest);
    };
    // The box that is nearest to the place first.
    const near = triple((axis) => Math.floor(Math.min(end[axis] - 1, Math.max(start[axis], place[axis])) / core[axis]));
    await look(...near);
    const first = triple((axis) => Math.floor(start[axis] / core[axis]));
    const last = triple((axis) => Math.floor((end[axis] - 1) / core[axis]));
    for (let z = first[0]; z <= last[0]; z++) for (let y = first[1]; y <= last[1]; y++) for (let x = first[2]; x <= last[2]; x++) {
      if ((z !== near[0] || y !== near[1] || x !== near[2]) && this.#gap(place, [z, y, x]) < nearest.square) await look(z, y, x);
    }
    if (nearest.square < open) return nearest;
    throw MaskletError.of("internal", { why: `${this.#reader.name} has no surface of object ${sought.id} where one was seen` });
  }

  /** Squared distance from a place to the box of the grid. */
  #gap(place: Triple, box: Triple): number {
    const { core } = this.#grid;
    return triple((axis) => Math.max(0, box[axis] * core[axis] - place[axis], place[axis] - (box[axis] + 1) * core[axis] + 1) * this.#spacing[axis]).reduce((sum, side) => sum + side * side, 0);
  }

  /** A box of the image that is at hand, so that it need not be read once more. @param halo of the labels */
  offer(box: CoreBox, labels: HaloedLabels, flags: Uint8Array, halo: Triple): void {
    if (this.#occupied[box.nth] === 1 && !this.#kept.has(box.nth)) this.#keep(box, surfaceCells(box.start, labels, flags, halo));
  }

  async #load(box: CoreBox): Promise<SurfaceCells> {
    const halo = triple((axis) => Number(this.#grid.size[axis] > 1));
    const labels = await readHaloed(this.#reader, box, halo, this.#signal);
    return this.#keep(box, surfaceCells(box.start, labels, await surfaceFlags(labels.ids, labels.size, this.#pace), halo));
  }

  #keep(box: CoreBox, found: SurfaceCells): SurfaceCells {
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
