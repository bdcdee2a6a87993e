// One pass over a whole volume and its labels: how bright and how full each part is, and hashes of both.
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Pixels } from "#server/volumes/source.ts";
import type { MarkedVolume } from "./source.ts";

/** Three tables of 8 bytes a cell, 48 MiB at most, whatever the size of the volume. */
const mostCells = 2 ** 21;
/** Voxels read at once. */
const blockVoxels = 2 ** 24;

export interface Scan {
  readonly extent: Triple;
  /** Of the volume: see DatasetSource.sha256. */
  readonly sha256: string;
  readonly labelsSha256: string;
  /** Mean of the finite values, and part of the voxels that belong to an object, of the cells that a box touches. */
  look(start: Triple, size: Triple): { readonly mean: number; readonly foreground: number };
}

/**
 * Reads every voxel once, in blocks. Cells are a quarter of a crop along each side, larger where there would be too many of them.
 * @throws cancelled, and what reading throws
 */
export async function scanSource(source: MarkedVolume, crop: Triple, watch: Watch = {}): Promise<Scan> {
  const extent = source.labels.size;
  const cell = cellSize(extent, crop);
  const cells = counts(extent, cell);
  const tables = { values: new Float64Array(padded(cells)), finite: new Float64Array(padded(cells)), full: new Float64Array(padded(cells)) };
  const planes = { image: planeHashes(), labels: planeHashes() };
  const [depth, height, width] = extent;
  const [thick, rows] = blockSize(source, extent);
  for (let z = 0; z < depth; z += thick) {
    const zEnd = Math.min(depth, z + thick);
    for (let y = 0; y < height; y += rows) {
      throwIfCancelled(watch.signal);
      const yEnd = Math.min(height, y + rows);
      const image = await source.volume.read({ t: source.frame, c: source.channel, z: [z, zEnd], y: [y, yEnd], x: [0, width] }, watch.signal);
      const ids = await source.labels.read([z, y, 0], [zEnd, yEnd, width], watch.signal);
      for (let plane = z; plane < zEnd; plane++) {
        const [from, to] = [(plane - z) * (yEnd - y) * width, (plane - z + 1) * (yEnd - y) * width];
        planes.image.add(plane, image.subarray(from, to));
        planes.labels.add(plane, ids.subarray(from, to));
        addPlane(plane, y, image.subarray(from, to), ids.subarray(from, to));
      }
      watch.onProgress?.({ done: z * height * width + (zEnd - z) * yEnd * width, total: depth * height * width, unit: "voxels" });
    }
  }
  for (const table of Object.values(tables)) accumulate(table, cells);
  return { extent, sha256: source.file === undefined ? planes.image.digest() : await hashFile(source.file, watch.signal), labelsSha256: planes.labels.digest(), look };

  function addPlane(z: number, y0: number, image: Pixels, ids: Uint32Array): void {
    const [across, along] = [cells[1] + 1, cells[2] + 1];
    for (let row = 0; row * width < image.length; row++) {
      const base = ((Math.floor(z / cell[0]) + 1) * across + Math.floor((y0 + row) / cell[1]) + 1) * along + 1;
      for (let x = 0, nth = base; x < width; x += cell[2], nth++) {
        const end = Math.min(width, x + cell[2]);
        let [sum, finite, full] = [0, 0, 0];
        for (let at = row * width + x; at < row * width + end; at++) {
          if (ids[at] !== 0) full++;
          const value = image[at]!;
          if (!Number.isFinite(value)) continue;
          sum += value;
          finite++;
        }
        tables.values[nth]! += sum;
        tables.finite[nth]! += finite;
        tables.full[nth]! += full;
      }
    }
  }

  function look(start: Triple, size: Triple): { mean: number; foreground: number } {
    const low = start.map((at, axis) => Math.floor(at / cell[axis]!));
    const high = start.map((at, axis) => Math.ceil((at + size[axis]!) / cell[axis]!));
    const voxels = high.reduce((product, end, axis) => product * (Math.min(extent[axis]!, end * cell[axis]!) - low[axis]! * cell[axis]!), 1);
    const finite = boxSum(tables.finite, cells, low, high);
    return { mean: finite > 0 ? boxSum(tables.values, cells, low, high) / finite : 0, foreground: boxSum(tables.full, cells, low, high) / voxels };
  }
}

function cellSize(extent: Triple, crop: Triple): [number, number, number] {
  const cell: [number, number, number] = [Math.max(1, crop[0] >> 2), Math.max(1, crop[1] >> 2), Math.max(1, crop[2] >> 2)];
  for (let cells = counts(extent, cell); padded(cells) > mostCells; cells = counts(extent, cell)) cell[cells.indexOf(Math.max(...cells))]! *= 2;
  return cell;
}

function counts(extent: Triple, cell: Triple): Triple {
  return [Math.ceil(extent[0] / cell[0]), Math.ceil(extent[1] / cell[1]), Math.ceil(extent[2] / cell[2])];
}

function padded(cells: Triple): number {
  return (cells[0] + 1) * (cells[1] + 1) * (cells[2] + 1);
}

/** Whole rows of chunks, so that none is decoded twice, as long as they are not too many voxels. */
function blockSize({ volume }: MarkedVolume, [depth, height, width]: Triple): readonly [planes: number, rows: number] {
  const chunk = volume.chunk ?? { z: 1, y: height, x: width };
  const planes = Math.min(depth, Math.max(1, Math.min(chunk.z, Math.floor(blockVoxels / (Math.min(chunk.y, height) * width)))));
  const rows = Math.max(1, Math.floor(blockVoxels / (planes * chunk.y * width))) * chunk.y;
  return [planes, Math.min(height, rows)];
}

/** Each cell becomes the sum over all cells before it along every axis (a summed-area table, Crow 1984, in three dimensions). */
function accumulate(table: Float64Array, cells: Triple): void {
  const strides = [(cells[1] + 1) * (cells[2] + 1), cells[2] + 1, 1] as const;
  for (const [axis, stride] of strides.entries()) {
    for (let at = 0; at < table.length; at++) if (Math.floor(at / stride) % (cells[axis]! + 1) > 0) table[at]! += table[at - stride]!;
  }
}

function boxSum(table: Float64Array, cells: Triple, low: readonly number[], high: readonly number[]): number {
  const at = (z: number, y: number, x: number): number => table[(z * (cells[1] + 1) + y) * (cells[2] + 1) + x]!;
  const [z0, y0, x0] = [low[0]!, low[1]!, low[2]!];
  const [z1, y1, x1] = [high[0]!, high[1]!, high[2]!];
  return at(z1, y1, x1) - at(z0, y1, x1) - at(z1, y0, x1) - at(z1, y1, x0) + at(z0, y0, x1) + at(z0, y1, x0) + at(z1, y0, x0) - at(z0, y0, x0);
}

/** The SHA-256 of the planes' SHA-256, so that blocks of planes can be read in parts. */
function planeHashes(): { add(plane: number, values: Pixels | Uint32Array): void; digest(): string } {
  const open = new Map<number, Hash>();
  const whole: string[] = [];
  return {
    add: (plane, values) => {
      const hash = open.get(plane) ?? createHash("sha256");
      open.set(plane, hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
    },
    digest: () => {
      for (const hash of open.values()) whole.push(hash.digest("hex"));
      return createHash("sha256").update(whole.join("\n")).digest("hex");
    },
  };
}

/** @throws file_unreadable through the stream, cancelled */
async function hashFile(file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest("hex");
}
