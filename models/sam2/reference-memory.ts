// What the official predictor attends to on one frame: every conditioning frame, those ahead included; up to six frames just
// passed; the pointers of conditioning frames passed and of up to fifteen others. Recent frames may stem from any earlier run.
import { MaskletError } from "#protocol/errors.ts";
import type { Sam2Config } from "./config.ts";
import type { Memory, Pointer, Recollection } from "./track-plane.ts";

interface Remembered {
  readonly memory: Uint16Array | undefined;
  readonly pointer: Float32Array;
}

export interface Stores {
  /** By frame, in the order in which they came; sums are made in that order. */
  readonly cond: ReadonlyMap<number, Remembered>;
  readonly nonCond: ReadonlyMap<number, Remembered>;
}

/** @param frames of the video, where that is known. @throws nothing_prompted without a conditioning frame */
export function recollect({ cond, nonCond }: Stores, frame: number, reverse: boolean, frames: number | undefined, config: Sam2Config): Recollection {
  if (cond.size === 0) throw MaskletError.of("nothing_prompted", {});
  const sign = reverse ? -1 : 1;
  const oldest = config.memoryFrames - 1;
  const memories: Memory[] = [];
  const take = (from: Remembered | undefined, row: number): void => {
    if (from?.memory !== undefined) memories.push({ tokens: from.memory, row });
  };
  for (const output of cond.values()) take(output, oldest);
  for (let distance = oldest; distance >= 1; distance--) take(nonCond.get(frame - sign * distance), distance - 1);

  const pointerFrames = Math.min(frames ?? config.maxPointers, config.maxPointers);
  const pointers: Pointer[] = [];
  for (const [at, output] of cond) if ((frame - at) * sign >= 0) pointers.push({ vector: output.pointer, distance: (frame - at) * sign });
  for (let distance = 1; distance < pointerFrames; distance++) {
    const at = frame - sign * distance;
    if (at < 0 || (frames !== undefined && at >= frames)) break;
    const output = nonCond.get(at);
    if (output !== undefined) pointers.push({ vector: output.pointer, distance });
  }
  return { memories, pointers, pointerFrames };
}
