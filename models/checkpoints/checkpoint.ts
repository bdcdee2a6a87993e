// What the rest of the models see of a weights file, whatever its format.

/** Element types as PyTorch names them. Integers occur in trainer leftovers; networks are made of floats. */
export type TensorDtype = "float64" | "float32" | "float16" | "bfloat16" | "int64" | "int32" | "int16" | "int8" | "uint8" | "bool";

export interface CheckpointTensor {
  readonly shape: readonly number[];
  readonly dtype: TensorDtype;
  /**
   * The values, contiguous and row-major, read now and not kept.
   * @throws checkpoint_unsupported for integers, checkpoint_invalid when the file has become shorter, file_unreadable
   */
  read(): Promise<Float32Array>;
}

export interface Checkpoint {
  readonly file: string;
  readonly format: "safetensors" | "torch";
  /** Of safetensors its own metadata; of torch the top-level keys that begin with `masklet.`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** In the file's order. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Tensors cannot be read after. */
  close(): Promise<void>;
}
