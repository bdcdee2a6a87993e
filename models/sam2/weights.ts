// The weights of a SAM 2 network under their official names, whatever file they came from.
import { MaskletError } from "#protocol/errors.ts";
import type { Checkpoint, CheckpointTensor } from "../checkpoints/checkpoint.ts";
import type { Sam2Config } from "./config.ts";
import { inferSam2Config } from "./infer-config.ts";
import { matchSam2Tensors, type MatchedTensor } from "./match-tensors.ts";

export interface Sam2Weights {
  readonly config: Sam2Config;
  /** @param name official, as in facebookresearch/sam2 @throws internal for a name the network does not have */
  shape(name: string): readonly number[];
  /**
   * Row-major float32, read from the file at each call and the caller's to keep.
   * @throws weights_not_finite; checkpoint_invalid for a variance below 0; internal for a name the network does not have; what reading the file throws
   */
  read(name: string): Promise<Float32Array>;
}

/**
 * Checks names and shapes; values are read later, so the checkpoint must stay open as long as the weights are used.
 * @param options.imageSize side of the input in pixels, a multiple of 32; by default the checkpoint's `masklet.image_size`, else 1024
 * @throws checkpoint_mismatch, checkpoint_metadata, image_size_invalid
 */
export async function sam2Weights(checkpoint: Checkpoint, options: { readonly imageSize?: number } = {}): Promise<Sam2Weights> {
  const matched = matchSam2Tensors(checkpoint);
  const config = inferSam2Config(matched, checkpoint, options.imageSize);
  const find = (name: string): MatchedTensor => {
    const tensor = matched.tensors.get(name);
    if (tensor === undefined) throw MaskletError.of("internal", { why: `the network has no tensor ${name}` });
    return tensor;
  };
  const read = async (name: string): Promise<Float32Array> => {
    const { sources, row, shape } = find(name);
    const all = await joined(sources);
    const size = shape.reduce((product, side) => product * side, 1);
    const values = row === undefined ? all : all.slice(row * size, (row + 1) * size);
    const count = countNotFinite(values);
    if (count > 0) throw MaskletError.of("weights_not_finite", { file: checkpoint.file, tensor: name, count });
    if (name.endsWith(".running_var") && values.some((value) => value < 0)) throw MaskletError.of("checkpoint_invalid", { file: checkpoint.file, why: `${name} has a variance below 0` });
    return values;
  };
  return { config, shape: (name) => find(name).shape, read };
}

async function joined(sources: readonly CheckpointTensor[]): Promise<Float32Array> {
  if (sources.length === 1) return sources[0]!.read();
  const parts = await Promise.all(sources.map((source) => source.read()));
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function countNotFinite(values: Float32Array): number {
  let count = 0;
  // The difference of a number with itself is 0; that of NaN or an infinity is NaN.
  for (let at = 0; at < values.length; at++) if (values[at]! - values[at]! !== 0) count++;
  return count;
}
