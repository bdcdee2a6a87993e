// Networks of official sizes that know nothing, for measuring time.
import { readFileSync } from "node:fs";
import type { Checkpoint, CheckpointTensor } from "#models/checkpoints/checkpoint.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";

/** A network of the shapes that a file of names has. What it draws means nothing. */
export function randomCheckpoint(file: string): Checkpoint {
  const names: unknown = JSON.parse(readFileSync(new URL(`../../fixtures/checkpoints/${file}`, import.meta.url), "utf8"));
  const tensors = new Map<string, CheckpointTensor>();
  const visit = (tree: unknown, name: string): void => {
    if (isShape(tree)) tensors.set(name, { shape: tree, dtype: name.endsWith("num_batches_tracked") ? "int64" : "float32", read: async () => drawn(name, tree) });
    else for (const [word, below] of Object.entries(Object(tree))) visit(below, name === "" ? word : `${name}.${word}`);
  };
  visit(Object(names).official, "");
  return { file, format: "torch", metadata: {}, tensors, close: async () => {} };
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value);
}

/** Matrices keep the scale of their input; all else is small, but variances. */
function drawn(name: string, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (name.endsWith("running_var")) return new Float32Array(size).fill(1);
  const scale = shape.length > 1 ? (shape[0]! / size) ** 0.5 : 0.1;
  return noise(size).map((value) => value * scale);
}

/** Even, of deviation 1, the same each time. */
export function noise(count: number): Float32Array {
  const random = seededRandom(1);
  return Float32Array.from({ length: count }, () => (random.uniform() - 0.5) * Math.sqrt(12));
}
