// Histograms of a field over the whole volume, fine enough for its statistics wherever its values lie.
import { addInto, binCentre, binsFor, emptyHistogram, manyBins } from "#server/classical/kernels/histogram.ts";
import type { Bins, Histogram } from "#server/classical/kernels/histogram.ts";
import { countOf, quantile } from "#server/classical/kernels/histogram-statistics.ts";
import type { ThresholdMethod } from "#server/classical/kernels/auto-threshold.ts";
import { thresholdValue } from "#server/classical/kernels/threshold-value.ts";
import { chunkBox } from "../tiles/chunk-grid.ts";
import type { Field } from "../tiles/field.ts";
import type { Tiles } from "../tiles/tiles.ts";
import type { RunState } from "./step.ts";

/** A histogram whose middle values share fewer bins than this is made again over their range alone: one odd value must not blur the rest. */
const fewBins = 512;
/** Bins finer than this part of the values are finer than float32 itself. */
const finest = 2 ** -24;

/** Of the grey values as they are now, those that are not finite left out; kept until a step changes them. */
export async function greyHistogram(pass: string, state: RunState, tiles: Tiles): Promise<Histogram> {
  if (state.histogram !== undefined) return state.histogram;
  const { low, high, whole } = state.greyRange;
  const over: Field | undefined = tiles.notFinite > 0 ? { op: "is-finite", of: { op: "raw" } } : undefined;
  const bins = whole && low >= 0 && high <= 65_535 ? binsFor(high <= 255 ? "uint8" : "uint16", low, high) : { low, high, bins: manyBins };
  state.histogram = await histogramOver(pass, state.grey, over, bins, tiles);
  return state.histogram;
}

/** @param over where the field is looked at; everywhere by default */
export async function histogramOver(pass: string, field: Field, over: Field | undefined, bins: Bins, tiles: Tiles): Promise<Histogram> {
  let histogram = await count(pass, field, over, bins, tiles);
  if (bins.bins < manyBins || countOf(histogram) === 0) return histogram;
  // Each round makes the bins ten thousand times finer: one is enough but where a value is like 1e38, which some programs put for none.
  for (let round = 1; ; round++) {
    const width = (histogram.high - histogram.low) / histogram.bins;
    const [low, high] = [quantile(histogram, 0.001) - 2 * width, quantile(histogram, 0.999) + 2 * width];
    if ((high - low) / width >= fewBins || !(high > low) || (round > 1 && width <= finest * Math.max(Math.abs(low), Math.abs(high)))) return histogram;
    histogram = await count(`${pass}-again-${round}`, field, over, { low, high, bins: manyBins }, tiles);
  }
}

async function count(pass: string, field: Field, over: Field | undefined, bins: Bins, tiles: Tiles): Promise<Histogram> {
  const sum = emptyHistogram(bins);
  const tasks = Array.from({ length: tiles.grid.chunks }, (_, chunk) => ({ kind: "histogram" as const, box: chunkBox(tiles.grid, chunk), field, over, bins }));
  await tiles.run<"histogram">(pass, tasks, (_, part) => addInto(sum, part));
  return sum;
}

/** As if every value had the other sign. */
export function mirrored(histogram: Histogram): Histogram {
  return { ...histogram, low: -histogram.high, high: -histogram.low, counts: histogram.counts.slice().reverse() };
}

/** The lowest and the highest value that occur, as their bins' centres. */
export function occupied(histogram: Histogram): { low: number; high: number } {
  const { counts } = histogram;
  return { low: binCentre(histogram, Math.max(0, counts.findIndex((value) => value > 0))), high: binCentre(histogram, Math.max(0, counts.findLastIndex((value) => value > 0))) };
}

/** ImageJ's threshold: what is from here on belongs to the brighter class. @throws threshold_not_found */
export function autoLevel(histogram: Histogram, method: ThresholdMethod): number {
  const { low, bins, counts } = histogram;
  // Whole numbers in bins of their own are an 8-bit or 16-bit image to ImageJ; all else is one of floats, between the values that occur.
  if (low === -0.5) return thresholdValue(histogram, bins === 256 ? "uint8" : "uint16", method).brightFrom;
  const first = Math.max(0, counts.findIndex((value) => value > 0));
  const last = Math.max(first, counts.findLastIndex((value) => value > 0));
  const ends = occupied(histogram);
  return thresholdValue({ ...ends, bins: last - first + 1, counts: counts.slice(first, last + 1), notFinite: 0 }, "float32", method).brightFrom;
}
