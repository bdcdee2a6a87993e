// A mask as the bytes of an ImageJ .roi file: big-endian, a header of 64 bytes, the outline, a second header, the texts.
import { MaskletError } from "#protocol/errors.ts";
import { unpackMask } from "#protocol/mask.ts";
import type { Mask, Shape } from "#protocol/types.ts";
import { objectColor } from "./object-colors.ts";
import type { Rgb } from "./object-colors.ts";
import { traceOutline } from "./outline.ts";
import type { OutlinePart, Ring } from "./outline.ts";

export interface RoiOptions {
  /** Of the image the ROI will lie on: it decides between a stack index and a (c, z, t) position. */
  readonly shape: Pick<Shape, "t" | "c" | "z">;
  /** Default: `obj0007-z0012-t0001`, 1-based as Fiji shows it. */
  readonly name?: string | undefined;
  readonly color?: Rgb | undefined;
}

const version = 228;
const rectangleType = 1;
const tracedType = 8;
const subPixel = 128;
const headerBytes = 64;
/** 16-bit fields are read as -5000..60535; ImageJ itself changes to floats beyond this. */
const maxShortCoordinate = 60_000;
/** The count of corners is 16 bits. */
const maxCorners = 65_535;

/**
 * One part without holes becomes a traced ROI, anything else a composite. Pixels are those of the mask exactly; properties
 * `masklet.object` and `masklet.score` name the object.
 * @param mask on a z plane; masks of other planes go through `masksAsZPlanes` first
 * @throws export_empty, axis_unsupported, request_invalid
 */
export function encodeRoi(mask: Mask, options: RoiOptions): Uint8Array {
  if (mask.axis !== "z") throw MaskletError.of("axis_unsupported", { axis: mask.axis, why: "a ROI lies on a z plane" });
  const parts = traceOutline(unpackMask(mask));
  const first = parts[0];
  if (first === undefined) throw MaskletError.of("export_empty", {});
  const single = parts.length === 1 && first.holes.length === 0 && first.shell.length <= 2 * maxCorners;
  const body = single ? tracedBody(first.shell, mask.box) : compositeBody(parts);

  const name = options.name ?? roiName(mask);
  const properties = `masklet.object: ${mask.objectId}\nmasklet.score: ${mask.score}\n`;
  const nameAt = headerBytes + body.bytes.length + headerBytes;
  const propertiesAt = nameAt + 2 * name.length;
  const file = new Uint8Array(propertiesAt + 2 * properties.length);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x6f, 0x75, 0x74]); // "Iout"
  view.setUint16(4, version);
  view.setUint8(6, single ? tracedType : rectangleType);
  const [u0, v0, u1, v1] = mask.box;
  [v0, u0, v1, u1].forEach((edge, at) => view.setUint16(8 + 2 * at, Math.min(edge, 65_535)));
  view.setUint16(16, single ? first.shell.length / 2 : 0);
  view.setInt32(36, single ? 0 : body.bytes.length / 4);
  const [red, green, blue] = options.color ?? objectColor(mask.objectId);
  view.setUint32(40, 0xff000000 + red * 0x10000 + green * 0x100 + blue);
  view.setUint16(50, body.floats ? subPixel : 0);
  view.setInt32(60, headerBytes + body.bytes.length);
  file.set(body.bytes, headerBytes);

  const second = headerBytes + body.bytes.length;
  const position = roiPosition(mask, options.shape);
  view.setInt32(56, position.index);
  view.setInt32(second + 8, position.z);
  view.setInt32(second + 12, position.t);
  view.setInt32(second + 16, nameAt);
  view.setInt32(second + 20, name.length);
  view.setInt32(second + 40, propertiesAt);
  view.setInt32(second + 44, properties.length);
  writeUtf16(view, nameAt, name);
  writeUtf16(view, propertiesAt, properties);
  return file;
}

/** `obj0007-z0012-t0001`: ids and 1-based planes, at least four digits, so that names sort as the planes do. */
export function roiName(mask: Pick<Mask, "objectId" | "index" | "t">): string {
  return `obj${digits(mask.objectId)}-z${digits(mask.index + 1)}-t${digits(mask.t + 1)}`;
}

/** With two or more of c, z, t above 1: (any channel, z, t), 1-based. Else the index in the stack; 0 = on every plane, for an
 * image that has channels alone, because an object lies in all of them. */
function roiPosition(mask: Mask, shape: RoiOptions["shape"]): { index: number; z: number; t: number } {
  const long = [shape.c, shape.z, shape.t].filter((size) => size > 1).length;
  if (long >= 2) return { index: 0, z: mask.index + 1, t: mask.t + 1 };
  return { index: shape.c > 1 ? 0 : mask.index + mask.t + 1, z: 0, t: 0 };
}

/** Corners relative to the box as 16-bit numbers; far ones as absolute floats in a second block, which then counts alone. */
function tracedBody(ring: Ring, box: Mask["box"]): { bytes: Uint8Array; floats: boolean } {
  const count = ring.length / 2;
  const floats = box[2] > maxShortCoordinate || box[3] > maxShortCoordinate;
  const bytes = new Uint8Array(count * (floats ? 12 : 4));
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < count; at++) {
    const x = ring[2 * at]!;
    const y = ring[2 * at + 1]!;
    view.setUint16(2 * at, x - box[0]);
    view.setUint16(2 * (count + at), y - box[1]);
    if (floats) {
      view.setFloat32(4 * (count + at), x);
      view.setFloat32(4 * (2 * count + at), y);
    }
  }
  return { bytes, floats };
}

/** Path segments as floats: 0 x y = move, 1 x y = line, 4 = close. */
function compositeBody(parts: readonly OutlinePart[]): { bytes: Uint8Array; floats: boolean } {
  const rings = parts.flatMap((part) => [part.shell, ...part.holes]);
  const bytes = new Uint8Array(4 * rings.reduce((sum, ring) => sum + 1.5 * ring.length + 1, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const write = (value: number): void => {
    view.setFloat32(at, value);
    at += 4;
  };
  for (const ring of rings) {
    for (let corner = 0; corner < ring.length; corner += 2) {
      write(corner === 0 ? 0 : 1);
      write(ring[corner]!);
      write(ring[corner + 1]!);
    }
    write(4);
  }
  return { bytes, floats: false };
}

function writeUtf16(view: DataView, offset: number, text: string): void {
  for (let at = 0; at < text.length; at++) view.setUint16(offset + 2 * at, text.charCodeAt(at));
}

function digits(value: number): string {
  return String(value).padStart(4, "0");
}
