// The parts of OME-XML in a TIFF's description that say how pages become a volume.
import type { Spacing } from "#protocol/types.ts";
import { micrometresPer } from "./imagej-description.ts";

export interface OmeDescription {
  readonly sizes: { readonly c: number; readonly z: number; readonly t: number };
  /** Axes from the fastest to the slowest. */
  readonly order: readonly ("c" | "z" | "t")[];
  readonly spacing: Spacing | undefined;
}

/** Reads the first `Pixels` element; planes are taken in its DimensionOrder.
 * @returns undefined when there is none, or its sizes are no whole numbers */
export function parseOmeDescription(text: string): OmeDescription | undefined {
  const element = /<(?:[A-Za-z]+:)?Pixels\s([^>]*)>/.exec(text)?.[1];
  if (element === undefined) return undefined;
  const attributes = new Map<string, string>();
  for (const found of element.matchAll(/([A-Za-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) attributes.set(found[1]!, found[2] ?? found[3] ?? "");
  const size = (axis: string): number => Number(attributes.get(`Size${axis}`));
  const sizes = { c: size("C"), z: size("Z"), t: size("T") };
  if (![sizes.c, sizes.z, sizes.t].every((n) => Number.isSafeInteger(n) && n >= 1)) return undefined;
  const orders: Readonly<Record<string, readonly ("c" | "z" | "t")[]>> = {
    XYZCT: ["z", "c", "t"], XYZTC: ["z", "t", "c"], XYCTZ: ["c", "t", "z"], XYCZT: ["c", "z", "t"], XYTCZ: ["t", "c", "z"], XYTZC: ["t", "z", "c"],
  };
  const named = attributes.get("DimensionOrder") ?? "";
  const order = Object.hasOwn(orders, named) ? orders[named] : undefined;
  if (order === undefined) return undefined;
  const length = (axis: string): number => {
    const unit = attributes.get(`PhysicalSize${axis}Unit`) ?? "\u00b5m";
    return Number(attributes.get(`PhysicalSize${axis}`)) * (micrometresPer(decodeEntities(unit)) ?? Number.NaN);
  };
  const x = length("X");
  const y = length("Y");
  const z = attributes.has("PhysicalSizeZ") ? length("Z") : x;
  return { sizes, order, spacing: [x, y, z].every((um) => Number.isFinite(um) && um > 0) ? { z, y, x } : undefined };
}

/** Numeric character references, which some writers use for the micro sign. */
function decodeEntities(text: string): string {
  return text
    .replace(/&#x([0-9A-Fa-f]{1,6});/g, (whole, hex: string) => letter(Number.parseInt(hex, 16), whole))
    .replace(/&#([0-9]{1,7});/g, (whole, digits: string) => letter(Number(digits), whole));
}

function letter(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}
