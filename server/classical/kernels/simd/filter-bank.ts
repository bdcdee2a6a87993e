// A few separable filters at once, sharing what they have in common: first along x, then y, then z.
import type { Border, Size3, Voxels } from "../size3.ts";
import { f32At, roundUp, u32At, withMemory, type Core } from "./core.ts";
import { createStripReader, stripPitch, stripRows } from "./strip-reader.ts";
import { windowPlanes, windowSlots } from "./window-planes.ts";

/** Weights of the places around a voxel, an odd number of them, lowest place first. */
export type Taps = Float64Array;

/** One of the results of the axis before, filtered; a list of them is a sum. */
export interface Step {
  readonly from: number;
  readonly taps: Taps;
}

export interface FilterBank {
  /** Filters of the input along x. */
  readonly x: readonly Taps[];
  /** Sums of those, filtered along y. */
  readonly y: readonly (readonly Step[])[];
  /** Sums of those, filtered along z: the bank's results. */
  readonly z: readonly (readonly Step[])[];
  /** Makes one of several results: given where `count` values of each lie, it leaves its answer in the first's place. */
  readonly join?: (core: Core, results: readonly number[], count: number) => void;
}

/** What a strip's planes in reach should take: about the second cache of one core. */
const stripBytes = 2 ** 20;

/**
 * Float32 sums, their order the same for every voxel wherever the array begins. Beyond the edge the input is continued, not the
 * results on the way, so that a constant border means a larger volume of that constant.
 * Memory: the answer (4 bytes a voxel), and in the core a strip of as many planes as the filters reach along z.
 * @returns `[z, y, x]`, the first result
 */
export function applyFilterBank(values: Voxels, size: Size3, bank: FilterBank, border: Border, constant: number): Float32Array {
  const [depth, height, width] = size;
  const reachX = Math.max(...bank.x.map(radiusOf));
  const reachY = Math.max(...bank.y.flat().map(({ taps }) => radiusOf(taps)));
  const reachZ = Math.max(...bank.z.flat().map(({ taps }) => radiusOf(taps)));
  const pitch = roundUp(width, 4) * 4;
  const slots = windowSlots(reachZ);
  const reach = [reachY, reachX] as const;
  const bytesPerRow = stripPitch({ values, size, reach, as: "float" }) + pitch * (bank.x.length + bank.y.length * slots + bank.z.length);
  const rows = stripRows(height, reachY, bytesPerRow, stripBytes);
  const result = new Float32Array(depth * height * width);
  withMemory((core, take) => {
    const reader = createStripReader(core, take, { values, size, reach, border, constant, rows, as: "float" });
    const input = take(reader.sizeBytes);
    const alongX = bank.x.map(() => take((rows + 2 * reachY) * pitch));
    const alongY = Array.from({ length: slots }, () => bank.y.map(() => take(rows * pitch)));
    const alongZ = bank.z.map(() => take(rows * pitch));
    const stepsX = bank.x.map((taps) => takeStep(take, { from: 0, taps }));
    const stepsY = bank.y.map((sum) => sum.map((step) => takeStep(take, step)));
    const stepsZ = bank.z.map((sum) => sum.map((step) => takeStep(take, step)));
    for (const step of [...stepsX, ...stepsY.flat(), ...stepsZ.flat()]) f32At(core, step.weights, step.length).set(step.taps);
    for (const step of stepsX) point(core, step, (place) => input + (reachX + place) * 4);
    for (const step of stepsY.flat()) point(core, step, (place) => alongX[step.from]! + (reachY + place) * pitch);
    for (let y0 = 0; y0 < height; y0 += rows) {
      const high = Math.min(rows, height - y0);
      const count = (high * pitch) / 4;
      const prepare = (z: number, slot: number): void => {
        reader.read(z, y0, high, input);
        stepsX.forEach((step, nth) => correlate(core, step, alongX[nth]!, { outPitch: pitch, pitch: reader.pitch, rows: high + 2 * reachY, count: pitch / 4, add: 0 }));
        stepsY.forEach((sum, nth) => sum.forEach((step, term) => correlate(core, step, alongY[slot]![nth]!, { outPitch: 0, pitch: 0, rows: 1, count, add: term })));
      };
      windowPlanes(depth, reachZ, border, prepare, (z, window) => {
        stepsZ.forEach((sum, nth) => sum.forEach((step, term) => {
          point(core, step, (place) => alongY[window[reachZ + place]!]![step.from]!);
          correlate(core, step, alongZ[nth]!, { outPitch: 0, pitch: 0, rows: 1, count, add: term });
        }));
        bank.join?.(core, alongZ, count);
        const answer = alongZ[0]!;
        if (width % 4 !== 0) core.moveRows(answer, width * 4, answer, pitch, high, width * 4);
        result.set(f32At(core, answer, high * width), (z * height + y0) * width);
      });
    }
  });
  return result;
}

export function radiusOf(taps: Taps): number {
  return (taps.length - 1) / 2;
}

/** A step with its weights and its sources' addresses in the core's memory. */
interface PlacedStep extends Step {
  readonly weights: number;
  readonly table: number;
  readonly length: number;
  /** As correlate.ts in assembly/ counts them: mirrored, mirrored with the sign changed, neither. */
  readonly kind: number;
}

function takeStep(take: (bytes: number) => number, { from, taps }: Step): PlacedStep {
  const mirrored = (sign: number): boolean => taps.every((tap, at) => tap === sign * taps[taps.length - 1 - at]!);
  return { from, taps, weights: take(taps.length * 4), table: take(taps.length * 4), length: taps.length, kind: mirrored(1) ? 0 : mirrored(-1) ? 1 : 2 };
}

/** @param addressOf where the first value lies that a place's tap (negative: before the voxel) is for */
function point(core: Core, step: PlacedStep, addressOf: (place: number) => number): void {
  const table = u32At(core, step.table, step.length);
  const radius = radiusOf(step.taps);
  for (let at = 0; at < step.length; at++) table[at] = addressOf(at - radius);
}

function correlate(core: Core, step: PlacedStep, out: number, line: { outPitch: number; pitch: number; rows: number; count: number; add: number }): void {
  core.correlate(out, line.outPitch, step.table, line.pitch, line.rows, line.count, step.weights, step.length, step.kind, line.add);
}
