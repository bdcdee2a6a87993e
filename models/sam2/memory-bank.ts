// What the masklet profile remembers of an object, and which of it a plane is seen in the light of. Unlike the official
// predictor's, a front's memories are its own: recent planes reach back to the nearest prompted one and no farther, so that
// what other fronts found never matters, and following one gap anew gives what following everything would have given.
import { isEmptyBox } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { OneWay, PixelBox } from "#protocol/types.ts";
import type { Trace } from "../restorable.ts";
import type { Sam2Config } from "./config.ts";
import { memoryLayout } from "./config.ts";
import { pannedMemory } from "./pan-memory.ts";
import type { Memory, Pointer, Recollection } from "./track-plane.ts";

/** Prompted planes attended to. Each costs as much as a recent one; the official predictor has no limit. */
const MOST_CONDITIONING = 4;
/** Planes behind the one being looked at whose pointers count. */
export const HORIZON = 15;

/** What is known of an object after a plane. */
export interface Known {
  readonly prompted: boolean;
  /** Whole plane pixels, cropped; empty when the object is not there. */
  readonly mask: Raster;
  /** Planes in a row, this one included, on which it was not seen. */
  readonly absences: number;
  /** Undefined where nothing was looked at, after the object's end, and where a prompt found nothing. */
  readonly remembered: Remembered | undefined;
}

export interface Remembered {
  /** Whole plane pixels that the memory's grid covers. */
  readonly box: PixelBox;
  /** `[memoryTokens, M]` bfloat16 */
  readonly memory: Uint16Array;
  /** `[D]` */
  readonly pointer: Float32Array;
}

export interface KnownTrace extends Trace {
  readonly state: Known;
}

/** `keep`: a memory seen through another window is used as it lies; `shift`: it is moved with the picture. */
export type PanPolicy = "keep" | "shift";

interface Item {
  readonly index: number;
  readonly remembered: Remembered;
}

/** @returns undefined when nothing is remembered. Prompted planes ahead count, but not their pointers. */
export function recollect(traces: readonly KnownTrace[], index: number, direction: OneWay, box: PixelBox, pan: PanPolicy, config: Sam2Config): Recollection | undefined {
  const sign = direction === "forward" ? 1 : -1;
  const behind = (item: Item): number => (index - item.index) * sign;
  const conditioning = nearestPrompted(promptedItems(traces), behind);
  const recent = recentItems(traces, index, sign);
  if (conditioning.length + recent.length === 0) return undefined;

  const oldest = config.memoryFrames - 1;
  const layout = memoryLayout(config);
  const asMemory = ({ remembered }: Item, row: number): Memory => {
    return { tokens: pan === "keep" ? remembered.memory : pannedMemory(remembered.memory, layout, remembered.box, box), row };
  };
  const asPointer = (item: Item): Pointer => ({ vector: item.remembered.pointer, distance: behind(item) });
  return {
    memories: [
      ...conditioning.map((item) => asMemory(item, oldest)),
      ...recent.filter((item) => behind(item) <= oldest).map((item) => asMemory(item, behind(item) - 1)),
    ],
    pointers: [...conditioning.filter((item) => behind(item) >= 0), ...recent].map(asPointer),
    // Constant, so that a plane's mask does not hang on how many planes there are.
    pointerFrames: config.maxPointers,
  };
}

function promptedItems(traces: readonly KnownTrace[]): Item[] {
  return traces.flatMap(({ index, state }) => (state.prompted && state.remembered !== undefined ? [{ index, remembered: state.remembered }] : []));
}

/** The nearest behind, the nearest ahead, then whichever are nearest; equally near ones in order of planes. */
function nearestPrompted(items: readonly Item[], behind: (item: Item) => number): Item[] {
  const byNearness = [...items].sort((a, b) => Math.abs(behind(a)) - Math.abs(behind(b)) || a.index - b.index);
  const nearest = [byNearness.find((item) => behind(item) > 0), byNearness.find((item) => behind(item) < 0)].filter((item) => item !== undefined);
  const chosen = [...nearest, ...byNearness.filter((item) => !nearest.includes(item))].slice(0, MOST_CONDITIONING);
  return chosen.sort((a, b) => a.index - b.index);
}

/** Unprompted planes of the front, the oldest first. */
function recentItems(traces: readonly KnownTrace[], index: number, sign: number): Item[] {
  const at = new Map(traces.map((trace) => [trace.index, trace.state]));
  const items: Item[] = [];
  for (let distance = 1; distance <= HORIZON; distance++) {
    const state = at.get(index - sign * distance);
    if (state === undefined || state.prompted) break;
    if (state.remembered !== undefined) items.unshift({ index: index - sign * distance, remembered: state.remembered });
  }
  return items;
}

/** Traces come back from this tracker's own kind, unchanged but for a structured clone: the shape is all that needs a look. */
export function isKnown(state: unknown): state is Known {
  return typeof state === "object" && state !== null && "prompted" in state && "mask" in state && "absences" in state && "remembered" in state;
}

export function isSeen(mask: Raster): boolean {
  return !isEmptyBox(mask.box);
}
