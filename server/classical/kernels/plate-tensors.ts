// How the values change around each cell of 4 x 4 x 4 voxels.
import { f32At, withMemory, type Core } from "./simd/core.ts";
import type { Size3 } from "./size3.ts";
import { gaussianSmooth } from "./smooth.ts";

/** Voxels along each side of a cell. Cells lie on a grid from the volume's origin, whatever block of it is looked at. */
export const cellSide = 4;

const terms = 6;
/** Rows of cells that are worked on at once. */
const stripCells = 16;

/** The cells that a block touches. */
export interface Cells {
  /** The first cell's place in the volume's grid. */
  readonly first: Size3;
  readonly size: Size3;
}

export function cellsOf(size: Size3, origin: Size3): Cells {
  const [z, y, x] = [0, 1, 2].map((axis) => Math.floor(origin[axis]! / cellSide));
  const [endZ, endY, endX] = [0, 1, 2].map((axis) => Math.ceil((origin[axis]! + size[axis]!) / cellSide));
  return { first: [z!, y!, x!], size: [endZ! - z!, endY! - y!, endX! - x!] };
}

/**
 * The structure tensor (J. Bigun and G. H. Granlund, ICCV 1987): products of the central differences, averaged over each cell's voxels
 * in the block, then by a Gaussian over the cells, in float32. Edges are repeated.
 * Memory: 28 bytes a cell, half a byte a voxel, and in the core 16 rows of cells with three planes of their voxels.
 * @param rho the Gaussian's sigma, in voxels
 * @returns zz, yy, xx, zy, zx, yx of every cell
 */
export function cellTensors(values: Float32Array, size: Size3, origin: Size3, rho: number): Float32Array[] {
  const cells = cellsOf(size, origin);
  const means = Array.from({ length: terms }, () => new Float32Array(cells.size[0] * cells.size[1] * cells.size[2]));
  withMemory((core, take) => {
    const strip = placeStrip(core, take, { values, size, cells, left: origin[2] - cells.first[2] * cellSide });
    for (let firstY = 0; firstY < cells.size[1]; firstY += stripCells) {
      const endY = Math.min(cells.size[1], firstY + stripCells);
      // In voxels of the block.
      const y0 = Math.max(0, (cells.first[1] + firstY) * cellSide - origin[1]);
      const y1 = Math.min(size[1], (cells.first[1] + endY) * cellSide - origin[1]);
      strip.load(-1, y0, y1);
      strip.load(0, y0, y1);
      for (let cellZ = 0; cellZ < cells.size[0]; cellZ++) {
        const z0 = Math.max(0, (cells.first[0] + cellZ) * cellSide - origin[0]);
        const z1 = Math.min(size[0], (cells.first[0] + cellZ + 1) * cellSide - origin[0]);
        strip.sums.fill(0);
        for (let z = z0; z < z1; z++) {
          strip.load(z + 1, y0, y1);
          for (let y = y0; y < y1; y++) strip.add(z, y - y0, Math.floor((origin[1] + y) / cellSide) - cells.first[1] - firstY);
        }
        for (let cellY = firstY, sum = 0; cellY < endY; cellY++) {
          const rows = Math.min(size[1], (cells.first[1] + cellY + 1) * cellSide - origin[1]) - Math.max(0, (cells.first[1] + cellY) * cellSide - origin[1]);
          for (let cellX = 0, at = (cellZ * cells.size[1] + cellY) * cells.size[2]; cellX < cells.size[2]; cellX++, at++) {
            // Four: the differences are over two voxels.
            const share = 1 / (4 * (z1 - z0) * rows * strip.columns[cellX]!);
            for (let term = 0; term < terms; term++, sum += 4) {
              means[term]![at] = share * (strip.sums[sum]! + strip.sums[sum + 1]! + strip.sums[sum + 2]! + strip.sums[sum + 3]!);
            }
          }
        }
      }
    }
  });
  return means.map((each) => gaussianSmooth(each, cells.size, rho / cellSide));
}

interface Strip {
  /** Four partial sums of each term of each cell of the strip. */
  readonly sums: Float32Array;
  /** Voxels of the block in each cell of a row. */
  readonly columns: Uint8Array;
  /** Brings rows y0 - 1 to y1 of a plane, edges repeated; three planes are kept. */
  load(z: number, y0: number, y1: number): void;
  /** Adds a row's products to a row of cells. @param nth row of the strip */
  add(z: number, nth: number, cellY: number): void;
}

/** @param left voxels of the first cell that lie before the block */
function placeStrip(core: Core, take: (bytes: number) => number, { values, size, cells, left }: { values: Float32Array; size: Size3; cells: Cells; left: number }): Strip {
  const [depth, height, width] = size;
  const cellsX = cells.size[2];
  // Four values, one vector, on both sides of the cells.
  const pitch = cellsX * cellSide + 8;
  const rows = stripCells * cellSide + 2;
  const [planesAt, maskAt, sumsAt] = [take(3 * rows * pitch * 4), take(cellsX * 16), take(stripCells * cellsX * terms * 16)];
  const planes = f32At(core, planesAt, 3 * rows * pitch);
  const mask = f32At(core, maskAt, cellsX * cellSide);
  mask.fill(0).fill(1, left, left + width);
  const columns = Uint8Array.from({ length: cellsX }, (_, cell) => mask.subarray(cell * cellSide, (cell + 1) * cellSide).reduce((sum, each) => sum + each, 0));
  const slot = (z: number): number => ((z + 3) % 3) * rows * pitch;
  const load = (z: number, y0: number, y1: number): void => {
    for (let y = y0 - 1, to = slot(z); y <= y1; y++, to += pitch) {
      const row = (Math.min(depth - 1, Math.max(0, z)) * height + Math.min(height - 1, Math.max(0, y))) * width;
      const first = to + 4 + left;
      planes.fill(values[row]!, to, first);
      planes.set(values.subarray(row, row + width), first);
      planes.fill(values[row + width - 1]!, first + width, to + pitch);
    }
  };
  const add = (z: number, nth: number, cellY: number): void => {
    const at = (plane: number, row: number): number => planesAt + 4 * (slot(plane) + (row + 1) * pitch + 4);
    core.plateProducts(sumsAt + cellY * cellsX * terms * 16, cellsX, at(z, nth), at(z - 1, nth), at(z + 1, nth), at(z, nth - 1), at(z, nth + 1), maskAt);
  };
  return { sums: f32At(core, sumsAt, stripCells * cellsX * terms * 4), columns, load, add };
}
