// What a TIFF's pages mean together: shape, dtype, calibration, and which page holds which plane.
import { MaskletError } from "#protocol/errors.ts";
import type { DisplayRange, Dtype, Plane, Shape, Spacing } from "#protocol/types.ts";
import { checkShape } from "./check-shape.ts";
import { micrometresPer, parseImagejDescription } from "./imagej-description.ts";
import { parseOmeDescription } from "./ome-description.ts";
import type { TiffPage } from "./tiff-directory.ts";

export interface TiffLayout {
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly rgb: boolean;
  readonly spacing: Spacing | undefined;
  readonly displayRange: DisplayRange | undefined;
  /** Which page, and which sample of it, a plane is. */
  locate(plane: Plane): { page: number; sample: number };
}

/** Pages the first page's description promises; 1 when it promises nothing. */
export function promisedPages(first: TiffPage): number {
  return parseImagejDescription(first.description)?.images ?? 1;
}

/** 8- and 16-bit unsigned and 32-bit float stay as stored; all other kinds become float32 (exact up to 2^24).
 * @throws tiff_unsupported */
export function dtypeOf(page: TiffPage, file: string): Dtype {
  const kind = `${page.format}/${page.bits}`;
  // 4 = undefined by TIFF 6.0: read as unsigned, as ImageJ does.
  if (kind === "1/8" || kind === "4/8") return "uint8";
  if (kind === "1/16" || kind === "4/16") return "uint16";
  if (["3/32", "3/64", "2/8", "2/16", "2/32", "1/32", "4/32"].includes(kind)) return "float32";
  const format = page.format === 3 ? "float" : page.format === 2 ? "signed" : "unsigned";
  throw MaskletError.of("tiff_unsupported", { file, why: `its samples are ${page.bits}-bit ${format}` });
}

/** @param pageCount pages there are, at least 1 @throws tiff_unsupported, shape_invalid */
export function layOut(first: TiffPage, pageCount: number, file: string): TiffLayout {
  const dtype = dtypeOf(first, file);
  const colour = first.photometric === 2 && first.samples >= 3;
  // Alpha is left out.
  const samples = colour ? 3 : first.samples;
  if (first.photometric === 6) throw MaskletError.of("tiff_unsupported", { file, why: "its colours are YCbCr" });
  const imagej = parseImagejDescription(first.description);
  const ome = imagej === undefined ? parseOmeDescription(first.description) : undefined;

  let planes = { c: 1, z: pageCount, t: 1 };
  // Steps in pages from one channel, slice or frame to the next; ImageJ's order is XYCZT.
  let steps = { c: 1, z: 1, t: pageCount };
  if (imagej !== undefined && imagej.channels * imagej.slices * imagej.frames === pageCount) {
    planes = { c: imagej.channels, z: imagej.slices, t: imagej.frames };
    steps = { c: 1, z: planes.c, t: planes.c * planes.z };
  } else if (ome !== undefined && ome.sizes.c % samples === 0 && (ome.sizes.c / samples) * ome.sizes.z * ome.sizes.t === pageCount) {
    planes = { ...ome.sizes, c: ome.sizes.c / samples };
    let step = 1;
    for (const axis of ome.order) {
      steps[axis] = step;
      step *= planes[axis];
    }
  }
  const shape: Shape = { t: planes.t, c: planes.c * samples, z: planes.z, y: first.height, x: first.width };
  checkShape(shape, dtype);
  const displayRange: DisplayRange | undefined =
    imagej?.min !== undefined && imagej.max !== undefined && imagej.max > imagej.min ? [imagej.min, imagej.max] : undefined;
  return {
    shape, dtype, displayRange,
    rgb: colour && dtype === "uint8" && planes.c === 1,
    spacing: imagej === undefined ? ome?.spacing ?? centimetreSpacing(first) : imagejSpacing(first, imagej.unit, imagej.spacing ?? (planes.z > 1 ? 1 : undefined)),
    locate: ({ t, c, z }) => ({ page: t * steps.t + Math.floor(c / samples) * steps.c + z * steps.z, sample: c % samples }),
  };
}

/** @param spacing in `unit`; ImageJ reads a slice distance that is not stated as 1. A single slice is as thick as its pixels are wide. */
function imagejSpacing(page: TiffPage, unit: string, spacing: number | undefined): Spacing | undefined {
  const um = micrometresPer(unit);
  if (um === undefined) return undefined;
  const x = page.pixelWidth * um;
  const y = page.pixelHeight * um;
  return usable({ z: spacing === undefined ? x : Math.abs(spacing) * um, y, x });
}

/** A resolution in centimetres is a calibration; one in inches is a printer's (72 or 300 dpi) and says nothing. */
function centimetreSpacing(page: TiffPage): Spacing | undefined {
  if (page.resolutionUnit !== 3) return undefined;
  const x = page.pixelWidth * 1e4;
  return usable({ z: x, y: page.pixelHeight * 1e4, x });
}

function usable(spacing: Spacing): Spacing | undefined {
  return [spacing.z, spacing.y, spacing.x].every((um) => Number.isFinite(um) && um > 0) ? spacing : undefined;
}
