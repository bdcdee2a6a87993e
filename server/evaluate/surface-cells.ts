// The surface voxels of one box, sorted into cells, so that the nearest to a place far off is found without looking at all of them.
import type { Triple } from "#server/volumes/label-reader.ts";
import { triple, type HaloedLabels } from "./core-boxes.ts";
import { isForegroundSurface } from "./surface-flags.ts";

/** Voxels along a cell, and cells along a block. */
const side = 8;
const foregroundBit = side ** 3;

/** Memory: 6 bytes a surface voxel and 4 a cell. */
export interface SurfaceCells {
  readonly start: Triple;
  readonly cells: Triple;
  readonly blocks: Triple;
  /** By block, whether a cell of it has a voxel. */
  readonly filled: Uint8Array;
  /** By cell, where its voxels begin in `places` and `ids`; one more at the end. */
  readonly begins: Uint32Array;
  /** Place in the cell, and the bit of the foreground's surface. */
  readonly places: Uint16Array;
  readonly ids: Uint32Array;
  readonly sizeBytes: number;
}

/** @param start of the box in the volume; @param labels with a halo of one voxel (none along an axis of one voxel), and their flags */
export function surfaceCells(start: Triple, { ids, size }: HaloedLabels, flags: Uint8Array, halo: Triple): SurfaceCells {
  const cells = triple((axis) => Math.ceil((size[axis] - 2 * halo[axis]) / side));
  const blocks = triple((axis) => Math.ceil(cells[axis] / side));
  const begins = new Uint32Array(cells[0] * cells[1] * cells[2] + 1);
  const filled = new Uint8Array(blocks[0] * blocks[1] * blocks[2]);
  const eachSurface = (use: (at: number, cell: number, place: number) => void): void => {
    for (let z = 0; z < size[0] - 2 * halo[0]; z++) for (let y = 0; y < size[1] - 2 * halo[1]; y++) {
      const row = ((z + halo[0]) * size[1] + y + halo[1]) * size[2] + halo[2];
      const [cellRow, placeRow] = [((z >> 3) * cells[1] + (y >> 3)) * cells[2], ((z & 7) * side + (y & 7)) * side];
      for (let x = 0; x < size[2] - 2 * halo[2]; x++) if (flags[row + x] !== 0) use(row + x, cellRow + (x >> 3), placeRow + (x & 7));
    }
  };
  eachSurface((_, cell) => void begins[cell + 1]!++);
  for (let cell = 0; cell < begins.length - 1; cell++) {
    if (begins[cell + 1]! > 0) {
      const [z, y, x] = [Math.floor(cell / (cells[1] * cells[2])), Math.floor(cell / cells[2]) % cells[1], cell % cells[2]];
      filled[((z >> 3) * blocks[1] + (y >> 3)) * blocks[2] + (x >> 3)] = 1;
    }
    begins[cell + 1]! += begins[cell]!;
  }
  const count = begins[begins.length - 1]!;
  const next = begins.slice();
  const [places, owners] = [new Uint16Array(count), new Uint32Array(count)];
  eachSurface((at, cell, place) => {
    const to = next[cell]!++;
    places[to] = place + ((flags[at]! & isForegroundSurface) !== 0 ? foregroundBit : 0);
    owners[to] = ids[at]!;
  });
  return { start, cells, blocks, filled, begins, places, ids: owners, sizeBytes: 6 * count + 4 * begins.length + filled.length };
}

/** @param place in the volume; @param best squared, above which nothing is looked for; @param id of the object whose surface is meant, 0 for the foreground's
 * @returns the squared distance to the nearest such voxel if it is below `best`, else `best` */
export function nearestInCells(found: SurfaceCells, [qz, qy, qx]: Triple, spacing: Triple, best: number, id: number): number {
  const { start, cells, blocks, filled, begins, places, ids } = found;
  const [sz, sy, sx] = spacing;
  const [pz, py, px] = [qz - start[0], qy - start[1], qx - start[2]];
  // From the distance to a cell or block along each axis one knows that nothing in it is nearer.
  const gap = (at: number, cell: number, length: number, unit: number): number => {
    const away = at < cell * length ? cell * length - at : at >= (cell + 1) * length ? at - (cell + 1) * length + 1 : 0;
    return away * unit * (away * unit);
  };
  const blockSide = side * side;
  for (let bz = 0; bz < blocks[0]; bz++) {
    const blockZ = gap(pz, bz, blockSide, sz);
    if (blockZ >= best) continue;
    for (let by = 0; by < blocks[1]; by++) {
      const blockY = blockZ + gap(py, by, blockSide, sy);
      if (blockY >= best) continue;
      for (let bx = 0; bx < blocks[2]; bx++) {
        if (filled[(bz * blocks[1] + by) * blocks[2] + bx] === 0 || blockY + gap(px, bx, blockSide, sx) >= best) continue;
        for (let cz = side * bz; cz < Math.min(cells[0], side * bz + side); cz++) {
          const cellZ = gap(pz, cz, side, sz);
          if (cellZ >= best) continue;
          for (let cy = side * by; cy < Math.min(cells[1], side * by + side); cy++) {
            const cellY = cellZ + gap(py, cy, side, sy);
            if (cellY >= best) continue;
            const row = (cz * cells[1] + cy) * cells[2];
            for (let cx = side * bx; cx < Math.min(cells[2], side * bx + side); cx++) {
              const [from, end] = [begins[row + cx]!, begins[row + cx + 1]!];
              if (from === end || cellY + gap(px, cx, side, sx) >= best) continue;
              for (let nth = from; nth < end; nth++) {
                const place = places[nth]!;
                if (id === 0 ? place < foregroundBit : ids[nth] !== id) continue;
                const dz = ((cz << 3) + ((place >> 6) & 7) - pz) * sz;
                const dy = ((cy << 3) + ((place >> 3) & 7) - py) * sy;
                const dx = ((cx << 3) + (place & 7) - px) * sx;
                const square = dz * dz + dy * dy + dx * dx;
                if (square < best) best = square;
              }
            }
          }
        }
      }
    }
  }
  return best;
}
