// What is asked of an evaluation; the answer is the schema `Evaluation`.
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";

export interface EvaluateRequest {
  readonly truth: LabelReader;
  readonly prediction: LabelReader;
  /** Micrometres `[z, y, x]`, in place of what the images state. */
  readonly spacing?: Triple | undefined;
  /** True id -> the slice along z that the object was prompted on, or several. */
  readonly promptedSlices?: ReadonlyMap<number, number | readonly number[]> | undefined;
}
