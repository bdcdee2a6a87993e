// What a propagation was asked on the command line, wherever it then runs.
import { MaskletError } from "#protocol/errors.ts";
import type { Along, IndexRange, PromptsFile, ViewSettings } from "#protocol/types.ts";
import type { PropagateRequest, Scene } from "#server/segmentation/contract.ts";
import type { Options } from "./options.ts";

export interface PropagateOrder {
  readonly input: string;
  readonly promptsPath: string;
  readonly view: ViewSettings;
  readonly model: string;
  readonly window: Scene["window"];
  /** Without `along`, what the prompts say decides; see `alongOf`. */
  readonly request: Omit<PropagateRequest, "objects" | "along"> & { readonly along: Along | undefined };
}

/** The axis asked for, else the one that the prompts' objects name, else z. @throws usage when they name several */
export function alongOf(order: PropagateOrder, prompts: PromptsFile): Along {
  if (order.request.along !== undefined) return order.request.along;
  const named = [...new Set(prompts.objects.map((object) => object.axis ?? "z"))];
  if (named.length > 1) throw MaskletError.of("usage", { why: `The objects of ${order.promptsPath} are of the axes ${named.join(", ")}; say --axis which to follow.` });
  return named[0] ?? "z";
}

/** `--range START:END` @throws usage */
export function readRange(options: Options): IndexRange | undefined {
  const range = options.pair("range");
  if (range !== undefined && !range.every((end) => Number.isInteger(end) && end >= 0)) {
    throw MaskletError.of("usage", { why: "--range must be two whole numbers from 0 on, as START:END." });
  }
  return range === undefined ? undefined : { start: range[0], end: range[1] };
}

/** `--display-range`, `--invert` and `--sigma` @throws usage */
export function readView(options: Options): ViewSettings {
  const sigma = options.number("sigma", 0, 10);
  const displayRange = options.pair("display-range");
  if (displayRange !== undefined && !(displayRange[0] < displayRange[1])) throw MaskletError.of("usage", { why: "--display-range must be LOW:HIGH with LOW below HIGH." });
  return { ...(displayRange ? { range: displayRange } : {}), invert: options.flag("invert"), ...(sigma === undefined ? {} : { sigma }) };
}

/** @throws usage */
export function readOrder(options: Options): PropagateOrder {
  const range = readRange(options);
  const view = readView(options);
  return {
    input: options.required("input"),
    promptsPath: options.required("prompts"),
    model: options.text("model") ?? "auto",
    window: options.choice("window", ["object", "plane"]),
    view,
    request: {
      along: options.text("axis") === undefined ? undefined : options.choice<Along>("axis", ["z", "t", "y", "x"]),
      direction: options.choice("direction", ["both", "forward", "backward"]),
      range,
    },
  };
}
