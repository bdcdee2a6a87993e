// dataset.json: what a training set holds. Its shape is `Dataset` in openapi.yaml; here is what the schema alone cannot say.
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import { validate } from "#protocol/schema.ts";
import type { Axis, Schema } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";

export type Dataset = Schema<"Dataset">;
export type DatasetSource = Schema<"DatasetSource">;
export type DatasetItem = Schema<"DatasetItem">;
export type Split = Schema<"DatasetSplit">;

export const splits: readonly Split[] = ["train", "val", "test"];

/** Where an axis stands in `[z, y, x]`. */
export const axisAt: Readonly<Record<Axis, 0 | 1 | 2>> = { z: 0, y: 1, x: 2 };

/** Where the rows (v) and columns (u) of planes along an axis stand in `[z, y, x]`. */
export const planeAxes: Readonly<Record<Axis, readonly [v: 0 | 1 | 2, u: 0 | 1 | 2]>> = { z: [1, 2], y: [0, 2], x: [0, 1] };

/** Planes, rows and columns of an item's files: its box seen along its axis, and turned. */
export function stackSize({ axis, size, turn }: Pick<DatasetItem, "axis" | "size" | "turn">): Triple {
  const [v, u] = planeAxes[axis];
  const [height, width] = [size[v], size[u]];
  return (turn & 1) === 1 ? [size[axisAt[axis]], width, height] : [size[axisAt[axis]], height, width];
}

/** @param file for the error @throws dataset_invalid */
export function parseDataset(text: string, file: string): Dataset {
  return validDataset(parseJson(text, file), file);
}

/** @throws dataset_invalid */
export function validDataset(value: unknown, file: string): Dataset {
  try {
    return validate("Dataset", value);
  } catch (thrown) {
    const { details } = asMaskletError(thrown);
    throw MaskletError.of("dataset_invalid", { file, why: `at ${details["at"] || "its top level"}, ${details["why"]}` }, thrown);
  }
}

/** @throws dataset_invalid, also for arrays nested too deep to be read */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const why = thrown instanceof SyntaxError ? `it is not JSON (${thrown.message.slice(0, 120)})` : "its JSON is nested too deep";
    throw MaskletError.of("dataset_invalid", { file, why }, thrown);
  }
}
