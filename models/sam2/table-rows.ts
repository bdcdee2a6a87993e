// The rows of the table of tensors: a name in either naming and a shape in terms of the network's dimensions. Written out instead of
// renaming by rules, so that a name can be searched for.

/** A side of a shape: a number, or a named dimension times a factor. Equal names must come out equal over the whole file. */
export type Side = number | { readonly of: string; readonly times: number };

export interface TensorName {
  readonly official: string;
  /** Any of these will do: transformers keeps the tied Fourier matrix once or twice. */
  readonly transformers: readonly string[];
  readonly shape: readonly Side[];
  /** Transformers keeps this tensor as one row of several. */
  readonly row?: { readonly index: number; readonly of: number };
  /** Transformers keeps this tensor in several, equal in shape, one after the other. */
  readonly joined?: readonly string[];
}

/** Names of dimensions, as `Side.of` has them. */
export const dimension = {
  embed: "the trunk's width", width: "the width", memory: "the memory's width", maskPrompt: "the mask prompt's width", grid: "the position grid",
  windowGrid: "the window position grid", frames: "the memory frames", attentionMlp: "the memory attention's MLP", decoderMlp: "the decoder's MLP",
  iou: "the IoU head's width", mask0: "the first mask channels", mask1: "the second mask channels", mask2: "the third mask channels", mask3: "the fourth mask channels",
  perceiverMlp: "the perceiver's MLP", loose: "the perceiver's loose latents", inWindows: "the perceiver's latents in windows",
} as const;

export function side(of: string): (times?: number) => Side {
  return (times = 1) => ({ of, times });
}

export function single(official: string, transformers: string, shape: readonly Side[]): TensorName {
  return { official, transformers: [transformers], shape };
}

/** A weight and a bias, one value for each output. */
export function layer(official: string, transformers: string, weight: readonly Side[], outputs: Side = weight[0]!): TensorName[] {
  return [single(`${official}.weight`, `${transformers}.weight`, weight), single(`${official}.bias`, `${transformers}.bias`, [outputs])];
}

export function norm(official: string, transformers: string, channels: Side): TensorName[] {
  return layer(official, transformers, [channels]);
}
