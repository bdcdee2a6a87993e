// What finetune.py says on stdout, a JSON object a line; see faults.py.
import { MaskletError } from "#protocol/errors.ts";

/** Held-out Dice by what was asked with: box, click, clip_box, clip_click. */
export type DiceByKind = Readonly<Record<string, number>>;

export type ChildEvent =
  | { readonly event: "started"; readonly steps: number; readonly device: string; readonly objects: number; readonly heldOut: number; readonly clip: number; readonly run: string; readonly parameters: number }
  | { readonly event: "step"; readonly step: number; readonly steps: number; readonly loss: number; readonly dice: number; readonly secondsLeft: number }
  | { readonly event: "checked"; readonly step: number; readonly dice: number; readonly kinds: DiceByKind }
  | { readonly event: "saved"; readonly step: number }
  | { readonly event: "note"; readonly text: string }
  | { readonly event: "stopped"; readonly step: number; readonly run: string }
  | { readonly event: "done"; readonly output: string; readonly step: number; readonly bestStep: number; readonly ended: string; readonly split: string; readonly objects: number; readonly before: DiceByKind; readonly after: DiceByKind }
  | { readonly event: "error"; readonly fault: MaskletError };

/** @returns undefined for a line that is not one of these: libraries print what they like */
export function parseEvent(line: string): ChildEvent | undefined {
  const said = recordOf(line);
  if (said === undefined) return undefined;
  const number = (name: string): number => (typeof said[name] === "number" ? said[name] : NaN);
  const text = (name: string): string => (typeof said[name] === "string" ? said[name] : "");
  const event = text("event");
  switch (event) {
    case "started":
      return { event, steps: number("steps"), device: text("device"), objects: number("objects"), heldOut: number("heldOut"), clip: number("clip"), run: text("run"), parameters: number("parameters") };
    case "step":
      return { event, step: number("step"), steps: number("steps"), loss: number("loss"), dice: number("dice"), secondsLeft: number("secondsLeft") };
    case "checked":
      return { event, step: number("step"), dice: number("dice"), kinds: numbersOf(said["kinds"]) };
    case "saved":
      return { event, step: number("step") };
    case "note":
      return { event, text: text("text") };
    case "stopped":
      return { event, step: number("step"), run: text("run") };
    case "done":
      return { event, output: text("output"), step: number("step"), bestStep: number("bestStep"), ended: text("ended"), split: text("split"), objects: number("objects"), before: numbersOf(said["before"]), after: numbersOf(said["after"]) };
    case "error":
      return { event, fault: faultOf(text("code"), said["details"]) };
    default:
      return undefined;
  }
}

/** A fault of the child's as one of the catalogue. */
function faultOf(code: string, details: unknown): MaskletError {
  const of = isRecord(details) ? details : {};
  const text = (name: string): string => String(of[name] ?? "");
  const number = (name: string): number => Number(of[name] ?? 0);
  switch (code) {
    case "usage":
      return MaskletError.of(code, { why: text("why") });
    case "file_missing":
    case "disk_full":
      return MaskletError.of(code, { file: text("file") });
    case "dataset_invalid":
    case "checkpoint_invalid":
    case "checkpoint_unsupported":
    case "file_not_written":
      return MaskletError.of(code, { file: text("file"), why: text("why") });
    case "checkpoint_mismatch":
      return MaskletError.of(code, { file: text("file"), network: text("network"), why: text("why") });
    case "checkpoint_metadata":
      return MaskletError.of(code, { file: text("file"), key: text("key"), why: text("why") });
    case "weights_not_finite":
      return MaskletError.of(code, { file: text("file"), tensor: text("tensor"), count: number("count") });
    case "image_size_invalid":
      return MaskletError.of(code, { imageSize: text("imageSize"), multiple: number("multiple"), limit: number("limit") });
    case "tool_missing":
      return MaskletError.of(code, { tool: text("tool"), install: text("install") });
    case "finetune_resume":
      return MaskletError.of(code, { folder: text("folder"), why: text("why") });
    case "finetune_diverged":
      return MaskletError.of(code, { step: number("step"), why: text("why"), kept: text("kept") });
    default:
      return MaskletError.of("finetune_failed", { why: text("why") || code || "it did not say why" });
  }
}

function recordOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function numbersOf(value: unknown): DiceByKind {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === "number")) : {};
}
