// The surface voxels of one box, sorted into cells, so that the nearest to a place far off is found without looking at all of them.
import type { Triple } from "#server/volumes/label-reader.ts";
import { triple, type HaloedLabels } from "./core-boxes.ts";
import { forEachFlag, isForegroundSurface, wordsOf } from "./surface-flags.ts";

/** Voxels along a cell as a power of two, and cells along a block. */
const cellBits = 2;
const cellSide = 2 ** cellBits;
const cellMask = cellSide - 1;
const blockCells = 8;
const blockBits = cellBits + 3;
const foregroundBit = cellSide ** 3;

/** Memory: 6 bytes a surface voxel and 8 a cell. */
export interface SurfaceCells {
  readonly start: Triple;
  readonly cells: Triple;
  readonly blocks: Triple;
  /** By block, whether a cell of it has a voxel. */
  readonly filled: Uint8Array;
  /** By cell, the object whose voxels it holds alone, 0 where there are several. */
  readonly sole: Uint32Array;
  /** By cell, where its voxels begin in `places` and `ids`; one more at the end. */
  readonly begins: Uint32Array;
  /** Place in the cell, and the bit of the foreground's surface. */
  readonly places: Uint16Array;
  readonly ids: Uint32Array;
  readonly sizeBytes: number;
}

/** @param start of the box in the volume; @param labels with a halo (none along an axis of one voxel), and their flags */
export function surfaceCells(start: Triple, { ids, size }: HaloedLabels, flags: Uint8Array, halo: Triple): SurfaceCells {
  const cells = triple((axis) => Math.ceil((size[axis] - 2 * halo[axis]) / cellSide));
  const blocks = triple((axis) => Math.ceil(cells[axis] / blockCells));
  const begins = new Uint32Array(cells[0] * cells[1] * cells[2] + 1);
  const filled = new Uint8Array(blocks[0] * blocks[1] * blocks[2]);
  const found = surfacePlaces(flags, size, halo);
  const [plane, row] = [size[1] * size[2], size[2]];
  const cellAt = (at: number): number => {
    const z = Math.floor(at / plane) - halo[0];
    const y = (Math.floor(at / row) % size[1]) - halo[1];
    const x = (at % row) - halo[2];
    return ((z >> cellBits) * cells[1] + (y >> cellBits)) * cells[2] + (x >> cellBits);
  };
  const placeAt = (at: number): number => {
    const z = Math.floor(at / plane) - halo[0];
    const y = (Math.floor(at / row) % size[1]) - halo[1];
    const x = (at % row) - halo[2];
    return (((z & cellMask) << cellBits) | (y & cellMask)) << cellBits | (x & cellMask);
  };
  const owner = Uint32Array.from(found, cellAt);
  for (let nth = 0; nth < owner.length; nth++) begins[owner[nth]! + 1]!++;
  for (let cell = 0; cell < begins.length - 1; cell++) {
    if (begins[cell + 1]! > 0) {
      const [z, y, x] = [Math.floor(cell / (cells[1] * cells[2])), Math.floor(cell / cells[2]) % cells[1], cell % cells[2]];
      filled[(Math.floor(z / blockCells) * blocks[1] + Math.floor(y / blockCells)) * blocks[2] + Math.floor(x / blockCells)] = 1;
    }
    begins[cell + 1]! += begins[cell]!;
  }
  const next = begins.slice();
  const sole = new Uint32Array(begins.length - 1);
  const [places, owners] = [new Uint16Array(found.length), new Uint32Array(found.length)];
  for (let nth = 0; nth < found.length; nth++) {
    const at = found[nth]!;
    const to = next[owner[nth]!]!++;
    // The first of its cell, or one more.
    const cell = owner[nth]!;
    sole[cell] = to === begins[cell] || sole[cell] === ids[at] ? ids[at]! : 0;
    places[to] = placeAt(at) + ((flags[at]! & isForegroundSurface) !== 0 ? foregroundBit : 0);
    owners[to] = ids[at]!;
  }
  return { start, cells, blocks, filled, sole, begins, places, ids: owners, sizeBytes: 6 * found.length + 8 * begins.length + filled.length };
}

/** Places in the array that are surface, halo left out, ascending. */
function surfacePlaces(flags: Uint8Array, [depth, height, width]: Triple, halo: Triple): Uint32Array {
  const words = wordsOf(flags);
  let found = new Uint32Array(4096);
  let count = 0;
  for (let z = halo[0]; z < depth - halo[0]; z++) for (let y = halo[1]; y < height - halo[1]; y++) {
    if (count + width > found.length) {
      const longer = new Uint32Array(2 * found.length + width);
      longer.set(found);
      found = longer;
    }
    const row = (z * height + y) * width;
    forEachFlag(flags, words, row + halo[2], row + width - halo[2], (at) => { found[count++] = at; });
  }
  return found.subarray(0, count);
}

/** What is looked for. */
export interface Sought {
  /** In the volume. */
  readonly place: Triple;
  /** Of the object whose surface is meant, 0 for the foreground's. */
  readonly id: number;
  /** Where the object lies, half-open. */
  readonly start: Triple;
  readonly end: Triple;
}

/** The nearest voxel so far. */
export interface Nearest {
  /** Squared distance in units: nothing that is not below it is looked for. */
  square: number;
  place: Triple;
}

/** Puts the nearest such voxel into `nearest` if it is nearer than what that has. */
export function nearestInCells(found: SurfaceCells, { place, id, start: from, end }: Sought, spacing: Triple, nearest: Nearest): void {
  const { start, blocks, filled } = found;
  const at = triple((axis) => place[axis] - start[axis]);
  const first = triple((axis) => Math.max(0, (from[axis] - start[axis]) >> blockBits));
  const last = triple((axis) => Math.min(blocks[axis] - 1, (end[axis] - 1 - start[axis]) >> blockBits));
  if (first.some((block, axis) => block > last[axis]!)) return;
  const own = triple((axis) => Math.min(last[axis], Math.max(first[axis], at[axis] >> blockBits)));
  const span = triple((axis) => 2 * Math.max(own[axis] - first[axis], last[axis] - own[axis]));
  // The nearest blocks first, so that soon little is left to look at.
  for (let stepZ = 0; stepZ <= span[0]; stepZ++) {
    const bz = outward(own[0], stepZ);
    const blockZ = gap(at[0], bz, blockBits, spacing[0]);
    if (bz < first[0] || bz > last[0] || blockZ >= nearest.square) continue;
    for (let stepY = 0; stepY <= span[1]; stepY++) {
      const by = outward(own[1], stepY);
      const blockY = blockZ + gap(at[1], by, blockBits, spacing[1]);
      if (by < first[1] || by > last[1] || blockY >= nearest.square) continue;
      for (let stepX = 0; stepX <= span[2]; stepX++) {
        const bx = outward(own[2], stepX);
        if (bx < first[2] || bx > last[2] || filled[(bz * blocks[1] + by) * blocks[2] + bx] === 0 || blockY + gap(at[2], bx, blockBits, spacing[2]) >= nearest.square) continue;
        nearestInBlock(found, [bz, by, bx], at, id, spacing, nearest);
      }
    }
  }
}

function nearestInBlock({ start, cells, begins, places, ids, sole }: SurfaceCells, [bz, by, bx]: Triple, [pz, py, px]: Triple, id: number, [sz, sy, sx]: Triple, nearest: Nearest): void {
  let best = nearest.square;
  const [z0, y0, x0] = [blockCells * bz, blockCells * by, blockCells * bx];
  const [z1, y1, x1] = [Math.min(cells[0], z0 + blockCells), Math.min(cells[1], y0 + blockCells), Math.min(cells[2], x0 + blockCells)];
  for (let cz = z0; cz < z1; cz++) {
    const cellZ = gap(pz, cz, cellBits, sz);
    if (cellZ >= best) continue;
    const within = Math.sqrt(best - cellZ) / sy;
    const lastY = Math.min(y1 - 1, Math.floor((py + within) / cellSide));
    for (let cy = Math.max(y0, Math.floor((py - within) / cellSide)); cy <= lastY; cy++) {
      const cellY = cellZ + gap(py, cy, cellBits, sy);
      if (cellY >= best) continue;
      const row = (cz * cells[1] + cy) * cells[2];
      const reach = Math.sqrt(best - cellY) / sx;
      const first = row + Math.max(x0, Math.floor((px - reach) / cellSide));
      const last = row + Math.min(x1 - 1, Math.floor((px + reach) / cellSide));
      for (let cell = first; cell <= last; cell++) {
        const from = begins[cell]!;
        const end = begins[cell + 1]!;
        if (from === end || (id !== 0 && sole[cell] !== 0 && sole[cell] !== id) || cellY + gap(px, cell - row, cellBits, sx) >= best) continue;
        for (let nth = from; nth < end; nth++) {
          const place = places[nth]!;
          if (id === 0 ? place < foregroundBit : ids[nth] !== id) continue;
          const dz = ((cz << cellBits) + (place >> (2 * cellBits) & cellMask) - pz) * sz;
          const dy = ((cy << cellBits) + (place >> cellBits & cellMask) - py) * sy;
          const dx = (((cell - row) << cellBits) + (place & cellMask) - px) * sx;
          const square = dz * dz + dy * dy + dx * dx;
          if (square >= best) continue;
          best = nearest.square = square;
          nearest.place = [
            start[0] + (cz << cellBits) + (place >> (2 * cellBits) & cellMask), start[1] + (cy << cellBits) + (place >> cellBits & cellMask), start[2] + ((cell - row) << cellBits) + (place & cellMask),
          ];
        }
      }
    }
  }
}

/** Squared: along one axis nothing in a cell (or block) of 2^bits is nearer. */
function gap(at: number, cell: number, bits: number, unit: number): number {
  const low = cell << bits;
  const high = low + (1 << bits) - 1;
  const away = at < low ? low - at : at > high ? at - high : 0;
  return away * unit * (away * unit);
}

/** from, from + 1, from - 1, from + 2, ... */
function outward(from: number, step: number): number {
  return (step & 1) === 1 ? from + ((step + 1) >> 1) : from - (step >> 1);
}
