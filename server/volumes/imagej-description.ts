// What ImageJ writes into a TIFF's description: `ImageJ=1.53t`, then one `key=value` a line.

export interface ImagejDescription {
  /** Planes in the file; 1 when not stated. */
  readonly images: number;
  readonly channels: number;
  readonly slices: number;
  readonly frames: number;
  readonly unit: string;
  /** Distance of slices in `unit`; undefined when not stated. */
  readonly spacing: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** @returns undefined when the text was not written by ImageJ */
export function parseImagejDescription(text: string): ImagejDescription | undefined {
  if (!text.startsWith("ImageJ=")) return undefined;
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf("=");
    if (equals > 0 && !values.has(line.slice(0, equals))) values.set(line.slice(0, equals), line.slice(equals + 1).trim());
  }
  const number = (key: string): number | undefined => {
    const value = values.get(key);
    return value === undefined || value === "" || !Number.isFinite(Number(value)) ? undefined : Number(value);
  };
  const count = (key: string): number => {
    const value = number(key);
    return value === undefined || value < 1 || !Number.isInteger(value) ? 1 : value;
  };
  // Properties files write other letters than ASCII as \uXXXX.
  const unit = (values.get("unit") ?? "").replace(/\\u([0-9A-Fa-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return {
    images: count("images"), channels: count("channels"), slices: count("slices"), frames: count("frames"),
    unit, spacing: number("spacing"), min: number("min"), max: number("max"),
  };
}

const unitUm: Readonly<Record<string, number>> = {
  um: 1, "\u00b5m": 1, "\u03bcm": 1, micron: 1, microns: 1, micrometer: 1, micrometers: 1, micrometre: 1, micrometres: 1,
  nm: 1e-3, nanometer: 1e-3, nanometers: 1e-3, nanometre: 1e-3, nanometres: 1e-3, "\u00e5": 1e-4, angstrom: 1e-4, angstroms: 1e-4, pm: 1e-6,
  mm: 1e3, millimeter: 1e3, millimeters: 1e3, millimetre: 1e3, millimetres: 1e3,
  cm: 1e4, centimeter: 1e4, centimeters: 1e4, centimetre: 1e4, centimetres: 1e4, m: 1e6, meter: 1e6, meters: 1e6, metre: 1e6, metres: 1e6, inch: 25_400, inches: 25_400, in: 25_400,
};

/** Micrometres in one unit; undefined for pixels and units that are no length. */
export function micrometresPer(unit: string): number | undefined {
  const name = unit.trim().toLowerCase();
  return Object.hasOwn(unitUm, name) ? unitUm[name] : undefined;
}
