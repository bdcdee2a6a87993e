// Options of a command, read strictly: an unknown or malformed one is a usage error that names it.
import { parseArgs } from "node:util";
import { MaskletError } from "#protocol/errors.ts";

export type OptionKinds = Readonly<Record<string, "text" | "flag" | "texts">>;

export interface Options {
  readonly words: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  /** @throws usage */
  required(name: string): string;
  /** One of the choices; the first when the option is not given. @throws usage */
  choice<T extends string>(name: string, choices: readonly [T, ...T[]]): T;
  /** @throws usage */
  whole(name: string, low: number, high: number): number | undefined;
  /** @throws usage */
  number(name: string, low: number, high: number): number | undefined;
  /** `LOW:HIGH` @throws usage */
  pair(name: string): [number, number] | undefined;
}

const everywhere = { json: "flag", help: "flag" } as const;

/** @throws usage */
export function readOptions(args: readonly string[], kinds: OptionKinds): Options {
  const all: OptionKinds = { ...kinds, ...everywhere };
  const parsed = parse(args, all);
  const values = new Map(Object.entries(parsed.values));
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === "string" ? value : undefined;
  };
  return {
    words: parsed.positionals,
    text,
    flag: (name) => values.get(name) === true,
    texts: (name) => {
      const value = values.get(name);
      return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
    },
    required: (name) => {
      const value = text(name);
      if (value === undefined || value === "") throw MaskletError.of("usage", { why: `--${name} is missing.` });
      return value;
    },
    choice: (name, choices) => {
      const value = text(name);
      const found = value === undefined ? choices[0] : choices.find((choice) => choice === value);
      if (found === undefined) throw MaskletError.of("usage", { why: `--${name} must be one of ${choices.join(", ")}, not "${value}".` });
      return found;
    },
    whole: (name, low, high) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (value === "" || !Number.isInteger(number) || number < low || number > high) throw MaskletError.of("usage", { why: `--${name} must be a whole number from ${low} to ${high}, not "${value}".` });
      return number;
    },
    number: (name, low, high) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = value === "" ? NaN : Number(value);
      if (!(number >= low && number <= high)) throw MaskletError.of("usage", { why: `--${name} must be a number from ${low} to ${high}, not "${value}".` });
      return number;
    },
    pair: (name) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const ends = value.split(":").map((end) => (end === "" ? NaN : Number(end)));
      if (ends.length !== 2 || !ends.every(Number.isFinite)) throw MaskletError.of("usage", { why: `--${name} must be two numbers as LOW:HIGH, not "${value}".` });
      return [ends[0]!, ends[1]!];
    },
  };
}

function parse(args: readonly string[], kinds: OptionKinds) {
  const options = Object.fromEntries(Object.entries(kinds).map(([name, kind]) =>
    [name, kind === "flag" ? { type: "boolean" as const } : { type: "string" as const, multiple: kind === "texts" }]));
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw MaskletError.of("usage", { why: cause instanceof Error ? sentence(cause.message) : "The options cannot be read." }, cause);
  }
}

/** Node's words on one line, without how to pass an odd file name. */
function sentence(words: string): string {
  return words.replace(/\.? To specify a positional.*$/s, "").replaceAll(/\s*\n\s*/g, " ").replace(/\.?$/, ".");
}
