// What unpickling a checkpoint can give: plain data, and descriptions of tensors. Nothing here has behaviour.
import type { TensorDtype } from "./checkpoint.ts";

/** A module's name that stood in the file and is on the list below; never looked up anywhere. */
export interface PickleGlobal {
  readonly kind: "global";
  readonly name: string;
}

/** A run of elements in a record of its own. */
export interface PickleStorage {
  readonly kind: "storage";
  readonly key: string;
  readonly dtype: TensorDtype;
  readonly elements: number;
}

/** A tensor as the file describes it, not yet checked: offset, size and stride count elements of the storage. */
export interface PickleTensor {
  readonly kind: "tensor";
  readonly storage: PickleStorage;
  readonly offset: PickleValue;
  readonly size: PickleValue;
  readonly stride: PickleValue;
}

/** Something of a trainer's that weights do not need: its making is read over, its value is not kept. */
export interface PickleSkipped {
  readonly kind: "skipped";
}

export interface PickleTuple {
  readonly kind: "tuple";
  readonly items: readonly PickleValue[];
}

export interface PickleList {
  readonly kind: "list";
  readonly items: PickleValue[];
}

export interface PickleDict {
  readonly kind: "dict";
  readonly entries: Map<PickleKey, PickleValue>;
}

export type PickleKey = string | number | bigint | boolean | null;

export type PickleValue = PickleKey | PickleGlobal | PickleStorage | PickleTensor | PickleSkipped | PickleTuple | PickleList | PickleDict;

export function isPickleKey(value: PickleValue): value is PickleKey {
  return value === null || typeof value !== "object";
}

export function isKind<K extends "global" | "storage" | "tensor" | "skipped" | "tuple" | "list" | "dict">(value: PickleValue | undefined, kind: K): value is Extract<PickleValue, { kind: K }> {
  return typeof value === "object" && value !== null && value.kind === kind;
}
