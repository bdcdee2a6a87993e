// What a step of a recipe is, and what it is given to work with.
import { MaskletError } from "#protocol/errors.ts";
import type { Histogram } from "#server/classical/kernels/histogram.ts";
import type { ClassicalObject, StepValue } from "../contract.ts";
import type { Field } from "../tiles/field.ts";
import type { LabelTables } from "../tiles/relabel.ts";
import type { GreyRange, Tiles } from "../tiles/tiles.ts";

/** What a step takes and leaves. A map is a value for each voxel of the mask. */
export type StepKind = "grey" | "mask" | "map" | "labels";

export interface ParameterInfo {
  readonly name: string;
  readonly type: "number" | "choice" | "flag";
  /** What holds where a recipe says nothing. */
  readonly value: StepValue;
  readonly min?: number;
  readonly max?: number;
  /** Whole numbers only. */
  readonly whole?: boolean;
  readonly choices?: readonly string[];
  readonly unit?: string;
  readonly about: string;
}

/** What a step found out, for the person who tunes it. */
export type Found = Readonly<Record<string, StepValue>>;

export interface Step {
  readonly step: string;
  readonly title: string;
  /** How often it goes through the volume at most, for the progress; most steps that are off do not at all. */
  readonly passes?: number;
  readonly takes: StepKind;
  readonly gives: StepKind;
  readonly parameters: readonly ParameterInfo[];
  run(state: RunState, parameters: Parameters, tiles: Tiles): Promise<Found>;
}

/** What the steps so far have left. */
export interface RunState {
  grey: Field;
  /** The grey values before anything was smoothed. */
  sharp: Field;
  /** Bounds of both, and whether they are whole numbers still. */
  greyRange: GreyRange;
  /** Of `grey`, while nothing changed it. */
  histogram: Histogram | undefined;
  mask: Field | undefined;
  map: Field | undefined;
  /** The mask that `map` was made of, where a later step cut another one out of it. */
  bodies: Field | undefined;
  labels: Labelled | undefined;
}

export interface Labelled {
  readonly store: string;
  readonly tables: LabelTables;
  readonly objects: readonly ClassicalObject[];
}

/** A step's parameters, complete and checked. */
export interface Parameters {
  number(name: string): number;
  choice(name: string): string;
  flag(name: string): boolean;
}

export function parametersOf(values: Readonly<Record<string, StepValue>>): Parameters {
  const wrong = (name: string): MaskletError => MaskletError.of("internal", { why: `the recipe was not completed: ${name} is ${values[name]}` });
  return {
    number: (name) => {
      const value = values[name];
      if (typeof value !== "number") throw wrong(name);
      return value;
    },
    choice: (name) => {
      const value = values[name];
      if (typeof value !== "string") throw wrong(name);
      return value;
    },
    flag: (name) => {
      const value = values[name];
      if (typeof value !== "boolean") throw wrong(name);
      return value;
    },
  };
}

/** @throws internal where no step before made one: a recipe's steps are checked to follow each other */
export function maskOf(state: RunState): Field {
  if (state.mask === undefined) throw MaskletError.of("internal", { why: "a step came before its mask" });
  return state.mask;
}

export function labelsOf(state: RunState): Labelled {
  if (state.labels === undefined) throw MaskletError.of("internal", { why: "a step came before its labels" });
  return state.labels;
}
