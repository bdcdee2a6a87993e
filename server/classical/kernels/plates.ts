import { MaskletError } from "#protocol/errors.ts";
import { smoothRadius } from "./gaussian-derivative-taps.ts";
import { cellSide, cellsOf, cellTensors, mainDirection } from "./plate-normals.ts";
import { plateStencil, stencilRadius, type PlateStencil, type Taps } from "./plate-stencil.ts";
import { f32At, i32At, u32At, withMemory, type Core } from "./simd/core.ts";
import type { Size3 } from "./size3.ts";

/** A block of a volume, `[z, y, x]`. */
export interface PlatesBlock {
  readonly values: Float32Array;
  /** The map is wanted where this is not 0: leave the halo out. */
  readonly inside: Uint8Array;
  readonly size: Size3;
  /** Where the block lies in the volume, and that volume's size, in voxels. */
  readonly origin: Size3;
  readonly volume: Size3;
  /** Of the Gaussian across the plates, about a third of their thickness, in voxels; above 0. */
  readonly sigma: number;
  /** Sigma of the Gaussian in the plates' plane, in voxels; above 0. */
  readonly reach: number;
  /** Sigma of the Gaussian that averages the plates' direction, in voxels. */
  readonly rho: number;
}

/** A block is worked on in pieces of so many cells, small enough for a core's second cache with the stencil's reach around them. */
const pieceCells = [8, 8, 32] as const;
const rowsPerCell = cellSide * cellSide;

/**
 * How much a voxel lies in the middle of a bright plate: minus the second derivative across the plate at scale sigma, averaged in the
 * plate's plane. Which way plates face, the structure tensor says, once for each cell of 4 x 4 x 4 voxels. Unlike a Laplacian or a
 * Hessian it sees the gap between plates that lie face to face. Voxels are taken for cubes.
 *
 * Samples lie on whole voxels across, on a grid of 13 points in the plane, and are interpolated; beyond the volume its edge goes on.
 * A cell's voxels share their neighbours and weights. Sums are in float32, in an order that the cell's direction alone decides.
 * Memory: 5.5 bytes a voxel, the answer included, and 1.5 MB in the core.
 * @returns `[z, y, x]`, in values per square voxel; 0 where not inside. Right to the last bit, whatever the block, for voxels that lie
 * `platesHalo` from those of the block's faces that are not faces of the volume
 */
export function platesMap({ values, inside, size, origin, volume, sigma, reach, rho }: PlatesBlock): Float32Array {
  const count = size[0] * size[1] * size[2];
  const fits = size.every((length, axis) => origin[axis]! >= 0 && origin[axis]! + length <= volume[axis]!);
  if (values.length !== count || inside.length !== count || !fits) throw MaskletError.of("internal", { why: `no block ${size.join(" x ")} at ${origin.join(", ")} of ${volume.join(" x ")}` });
  const result = new Float32Array(count);
  if (!inside.some((each) => each !== 0)) return result;
  const cells = cellsOf(size, origin);
  const tensors = cellTensors(values, size, origin, rho);
  const stencil = plateStencil(sigma, reach);
  withMemory((core, take) => {
    const place = placePiece(core, take, stencil);
    const work: Work = { values, inside, size, result, corner: [0, 1, 2].map((axis) => cells.first[axis]! * cellSide - origin[axis]!), cells: cells.size, tensors, stencil, place };
    const [depth, height, width] = cells.size;
    for (let z = 0; z < depth; z += pieceCells[0]) {
      for (let y = 0; y < height; y += pieceCells[1]) {
        for (let x = 0; x < width; x += pieceCells[2]) mapPiece(core, work, [z, y, x]);
      }
    }
  });
  return result;
}

/** Voxels around a block that decide about those in it: the tensor's Gaussian, wherever in its cell a voxel lies, and a difference. */
export function platesHalo(sigma: number, reach: number, rho: number): number {
  return Math.max(stencilRadius(sigma, reach), cellSide * smoothRadius(rho / cellSide) + cellSide - 1 + 1);
}

/** Where things lie in the core's memory, and views of them. */
interface Place {
  readonly piece: number;
  readonly values: Float32Array;
  readonly rowTable: number;
  readonly rows: Uint32Array;
  readonly out: number;
  readonly sums: Float32Array;
  readonly steps: number;
  readonly weights: number;
  readonly taps: Taps;
}

function placePiece(core: Core, take: (bytes: number) => number, { radius, most }: PlateStencil): Place {
  const length = pieceCells.reduce((volume, each) => volume * (each * cellSide + 2 * radius), 1);
  const [piece, rowTable, out, steps, weights] = [take(4 * length), take(4 * rowsPerCell), take(16 * rowsPerCell), take(4 * most), take(4 * most)];
  return {
    piece, rowTable, out, steps, weights,
    values: f32At(core, piece, length),
    rows: u32At(core, rowTable, rowsPerCell),
    sums: f32At(core, out, cellSide * rowsPerCell),
    taps: { steps: i32At(core, steps, most), weights: f32At(core, weights, most) },
  };
}

interface Work {
  readonly values: Float32Array;
  readonly inside: Uint8Array;
  readonly size: Size3;
  readonly result: Float32Array;
  /** Where the first cell begins, in voxels of the block: 0 or less. */
  readonly corner: readonly number[];
  readonly cells: Size3;
  readonly tensors: readonly Float32Array[];
  readonly stencil: PlateStencil;
  readonly place: Place;
}

/** @param start the first cell of the piece, counted from the block's first */
function mapPiece(core: Core, work: Work, start: Size3): void {
  const { inside, size, result, cells, tensors, stencil, place } = work;
  const { radius } = stencil;
  const pitch = pieceCells[2] * cellSide + 2 * radius;
  const pitches = [(pieceCells[1] * cellSide + 2 * radius) * pitch, pitch] as const;
  // Where the piece with its reach begins, in voxels of the block.
  const [z0, y0, x0] = [0, 1, 2].map((axis) => work.corner[axis]! + start[axis]! * cellSide - radius);
  const firsts = new Int32Array(rowsPerCell);
  let loaded = false;
  for (let z = start[0]; z < Math.min(cells[0], start[0] + pieceCells[0]); z++) {
    for (let y = start[1]; y < Math.min(cells[1], start[1] + pieceCells[1]); y++) {
      for (let x = start[2]; x < Math.min(cells[2], start[2] + pieceCells[2]); x++) {
        const [cz, cy, cx] = [work.corner[0]! + z * cellSide, work.corner[1]! + y * cellSide, work.corner[2]! + x * cellSide];
        const [fromX, endX] = [Math.max(0, cx), Math.min(size[2], cx + cellSide)];
        let rows = 0;
        for (let vz = Math.max(0, cz); vz < Math.min(size[0], cz + cellSide); vz++) {
          for (let vy = Math.max(0, cy); vy < Math.min(size[1], cy + cellSide); vy++) {
            const first = (vz * size[1] + vy) * size[2];
            let any = 0;
            for (let vx = fromX; vx < endX; vx++) any |= inside[first + vx]!;
            if (any === 0) continue;
            firsts[rows] = first;
            place.rows[rows++] = place.piece + 4 * ((vz - z0!) * pitches[0] + (vy - y0!) * pitches[1] + cx - x0!);
          }
        }
        if (rows === 0) continue;
        if (!loaded) loadPiece(work, [z0!, y0!, x0!]);
        loaded = true;
        const cell = (z * cells[1] + y) * cells[2] + x;
        const length = stencil.tapsInto(mainDirection(tensors, cell), pitches, place.taps);
        core.plateRows(place.out, place.rowTable, rows, place.steps, place.weights, length);
        for (let row = 0; row < rows; row++) {
          for (let vx = fromX; vx < endX; vx++) {
            const at = firsts[row]! + vx;
            if (inside[at] !== 0) result[at] = place.sums[cellSide * row + vx - cx]!;
          }
        }
      }
    }
  }
}

/** Copies a piece with its reach, the block's edges going on. @param start where it begins, in voxels of the block */
function loadPiece({ values, size, stencil: { radius }, place }: Work, start: Size3): void {
  const [planes, rows, pitch] = [0, 1, 2].map((axis) => pieceCells[axis]! * cellSide + 2 * radius);
  const left = Math.min(pitch!, Math.max(0, -start[2]));
  const right = Math.max(left, Math.min(pitch!, size[2] - start[2]));
  for (let z = 0, to = 0; z < planes!; z++) {
    for (let y = 0; y < rows!; y++, to += pitch!) {
      const row = (clamp(start[0] + z, size[0]) * size[1] + clamp(start[1] + y, size[1])) * size[2];
      place.values.fill(values[row]!, to, to + left);
      place.values.set(values.subarray(row + start[2] + left, row + start[2] + right), to + left);
      place.values.fill(values[row + size[2] - 1]!, to + right, to + pitch!);
    }
  }
}

function clamp(at: number, length: number): number {
  return Math.min(length - 1, Math.max(0, at));
}
