// Values of a request's JSON, read as leniently as pydantic 1 does for samapi: numbers may be text, whole ones are cut off a fraction,
// and null counts as absent. Each reader throws a 422 that names the place.
import { invalid } from "./refusal.ts";
import type { FieldFault } from "./refusal.ts";

export type Loc = FieldFault["loc"];
export type Read<T> = (value: unknown, loc: Loc) => T;

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export const number: Read<number> = (value, loc) => {
  const found = typeof value === "boolean" ? Number(value) : typeof value === "string" && value.trim() !== "" ? Number(value.replaceAll("_", "")) : value;
  if (typeof found === "number" && Number.isFinite(found)) return found;
  throw invalid(loc, "value is not a valid float", "type_error.float");
};

export const whole: Read<number> = (value, loc) => {
  const isWhole = typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && /^\s*[-+]?\d[\d_]*\s*$/.test(value));
  const found = isWhole ? Math.trunc(Number(typeof value === "string" ? value.replaceAll("_", "") : value)) : NaN;
  // -0 is a whole number that JSON can write and no index is.
  if (Number.isSafeInteger(found)) return found + 0;
  throw invalid(loc, "value is not a valid integer", "type_error.integer");
};

const flags: Readonly<Record<string, boolean>> = { true: true, t: true, yes: true, y: true, on: true, 1: true, false: false, f: false, no: false, n: false, off: false, 0: false };

export const flag: Read<boolean> = (value, loc) => {
  const name = typeof value === "object" ? "" : String(value).toLowerCase();
  if (Object.hasOwn(flags, name)) return flags[name]!;
  throw invalid(loc, "value could not be parsed to a boolean", "type_error.bool");
};

export const text: Read<string> = (value, loc) => {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  throw invalid(loc, "str type expected", "type_error.str");
};

export function within(read: Read<number>, { least, most }: Bounds): Read<number> {
  return (value, loc) => {
    const found = read(value, loc);
    if (found < least) throw invalid(loc, `ensure this value is greater than or equal to ${least}`, "value_error.number.not_ge");
    if (found > most) throw invalid(loc, `ensure this value is less than or equal to ${most}`, "value_error.number.not_le");
    return found;
  };
}

/** Upper and lower case are the same: samapi's own default of an output type is spelt unlike its extension's. */
export function oneOf<const T extends string>(names: readonly T[]): Read<T> {
  return (value, loc) => {
    const found = names.find((name) => typeof value === "string" && name.toLowerCase() === value.trim().toLowerCase());
    if (found !== undefined) return found;
    const permitted = names.map((name) => `'${name}'`).join(", ");
    throw invalid(loc, `value is not a valid enumeration member; permitted: ${permitted}`, "type_error.enum");
  };
}

export function listOf<T>(read: Read<T>, most: number): Read<T[]> {
  return (value, loc) => {
    if (!Array.isArray(value)) throw invalid(loc, "value is not a valid list", "type_error.list");
    if (value.length > most) throw invalid(loc, `ensure this value has at most ${most} items`, "value_error.list.max_items");
    return value.map((one: unknown, at) => read(one, [...loc, at]));
  };
}

/** The members of a JSON object. */
export interface Members {
  readonly loc: Loc;
  /** Absent and null are the same. @returns undefined without the member */
  optional<T>(name: string, read: Read<T>): T | undefined;
  required<T>(name: string, read: Read<T>): T;
  entries(): [string, unknown][];
}

export function members(value: unknown, loc: Loc): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(loc, "value is not a valid dict", "type_error.dict");
  const found = new Map<string, unknown>(Object.entries(value));
  const optional = <T>(name: string, read: Read<T>): T | undefined => {
    const member = found.get(name);
    return member === undefined || member === null ? undefined : read(member, [...loc, name]);
  };
  return {
    loc, optional,
    required: (name, read) => {
      const member = optional(name, read);
      if (member !== undefined) return member;
      if (found.has(name)) throw invalid([...loc, name], "none is not an allowed value", "type_error.none.not_allowed");
      throw invalid([...loc, name], "field required", "value_error.missing");
    },
    entries: () => [...found],
  };
}
