// The bytes of an ImageJ .roi file, as ImageJ's own RoiDecoder reads them (imagej/ImageJ: ij/io/RoiDecoder.java says which byte is what): big-endian, a
// header of 64 bytes, corners, a second header, texts.
import { MaskletError } from "#protocol/errors.ts";
import type { Raster } from "#protocol/mask.ts";
import { fillRings, type FloatRing } from "./fill-rings.ts";
import { fillOval, roundedRectangle } from "./roi-shapes.ts";

export interface Roi {
  readonly name: string;
  /** 1-based; 0 = none. Either the place in the stack, or channel, slice and frame. */
  readonly position: { readonly index: number; readonly c: number; readonly z: number; readonly t: number };
  /** 1 to 255; 0 = none. */
  readonly group: number;
  /** The property `masklet.object`. */
  readonly object: number | undefined;
  /** Its pixels on a plane; undefined for what has no inside (lines, points, angles, texts, pictures). @throws dataset_invalid */
  readonly fill: ((width: number, height: number) => Raster) | undefined;
  /** Its outline is a curve through its corners, of which only the corners are taken. */
  readonly spline: boolean;
}

const types = { polygon: 0, rectangle: 1, oval: 2, freehand: 7, traced: 8 } as const;
const subtypes = { text: 1, image: 4 } as const;
const options = { spline: 1, subPixel: 128 } as const;
const headerBytes = 64;
/** Of the second header, up to the property's length. */
const secondHeaderBytes = 48;

/** @param file for names and errors @throws dataset_invalid when it is cut off or no ROI */
export function decodeRoi(bytes: Uint8Array, file: string): Roi {
  const invalid = (why: string): MaskletError => MaskletError.of("dataset_invalid", { file, why });
  if (bytes.length < headerBytes || String.fromCharCode(...bytes.subarray(0, 4)) !== "Iout") throw invalid("it is no ImageJ ROI");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const secondAt = view.getInt32(60);
  const second = secondAt >= headerBytes && secondAt + secondHeaderBytes <= bytes.length ? secondAt : undefined;
  const text = (offset: number, length: number): string => {
    if (second === undefined) return "";
    const [at, count] = [view.getInt32(second + offset), view.getInt32(second + length)];
    if (at <= 0 || count <= 0) return "";
    if (at + 2 * count > bytes.length) throw invalid("a text in it is cut off");
    return new TextDecoder("utf-16be").decode(bytes.subarray(at, at + 2 * count));
  };
  const properties = text(40, 44);
  const place = (offset: number): number => (second === undefined ? 0 : Math.max(0, view.getInt32(second + offset)));
  return {
    name: text(16, 20) || file.replace(/^.*\//, "").replace(/\.roi$/i, ""),
    position: { index: Math.max(0, view.getInt32(56)), c: place(4), z: place(8), t: place(12) },
    group: second === undefined ? 0 : view.getUint8(second + 30),
    object: objectOf(properties),
    fill: inside(view, file, invalid),
    spline: (view.getInt16(50) & options.spline) !== 0 && view.getUint16(16) > 0,
  };
}

function objectOf(properties: string): number | undefined {
  const found = /^masklet\.object:\s*(\d{1,9})\s*$/m.exec(properties);
  return found === null || Number(found[1]) < 1 ? undefined : Number(found[1]);
}

function inside(view: DataView, file: string, invalid: (why: string) => MaskletError): Roi["fill"] {
  const version = view.getUint16(4);
  const type = view.getUint8(6);
  const subtype = view.getInt16(48);
  const subPixel = version >= 222 && (view.getInt16(50) & options.subPixel) !== 0;
  const [top, left, bottom, right] = [8, 10, 12, 14].map((at) => coordinate(view, at));
  const shapeSize = view.getInt32(36);
  if (shapeSize > 0) {
    if (headerBytes + 4 * shapeSize > view.byteLength) throw invalid("its shape is cut off");
    const rings = shapeRings(view, shapeSize, invalid);
    return (width, height) => fillRings(rings, width, height, file);
  }
  if (type === types.rectangle || type === types.oval) {
    if (subtype === subtypes.text || subtype === subtypes.image) return undefined;
    // Sub-pixel rectangles lie in the whole pixels they begin in, as ImageJ fills them.
    const exact = version >= 223 && subPixel ? [18, 22, 26, 30].map((at) => view.getFloat32(at)) : [left!, top!, right! - left!, bottom! - top!];
    if (!exact.every(Number.isFinite)) throw invalid("its sides are no numbers");
    const [x, y, w, h] = [Math.trunc(exact[0]!), Math.trunc(exact[1]!), Math.ceil(exact[2]!), Math.ceil(exact[3]!)];
    if (type === types.oval) return (width, height) => fillOval(x, y, w, h, width, height);
    const arc = view.getInt16(54);
    const ring = arc > 0 ? roundedRectangle(x, y, w, h, arc) : Float64Array.of(x, y, x + w, y, x + w, y + h, x, y + h);
    return (width, height) => fillRings([ring], width, height, file);
  }
  if (type !== types.polygon && type !== types.freehand && type !== types.traced) return undefined;
  const ring = corners(view, subPixel, left!, top!, invalid);
  return (width, height) => fillRings([ring], width, height, file);
}

/** 16-bit numbers are read as -5000 to 60535. */
function coordinate(view: DataView, at: number): number {
  const value = view.getInt16(at);
  return value < -5000 ? value + 65_536 : value;
}

function corners(view: DataView, subPixel: boolean, left: number, top: number, invalid: (why: string) => MaskletError): FloatRing {
  const count = view.getUint16(16) || view.getInt32(18);
  const needBytes = headerBytes + count * (subPixel ? 12 : 4);
  if (count < 0 || needBytes > view.byteLength) throw invalid(`its ${count} corners need ${needBytes} bytes, it has ${view.byteLength}`);
  const ring = new Float64Array(2 * count);
  for (let at = 0; at < count; at++) {
    if (subPixel) {
      ring[2 * at] = view.getFloat32(headerBytes + 4 * (count + at));
      ring[2 * at + 1] = view.getFloat32(headerBytes + 4 * (2 * count + at));
    } else {
      ring[2 * at] = left + Math.max(0, coordinate(view, headerBytes + 2 * at));
      ring[2 * at + 1] = top + Math.max(0, coordinate(view, headerBytes + 2 * (count + at)));
    }
  }
  return ring;
}

/** How many straight pieces stand for a curve. */
const curvePieces = 16;

/** Segments of floats: 0 x y = move, 1 x y = line, 2 and 3 = curves with one and two control points, 4 = close. */
function shapeRings(view: DataView, size: number, invalid: (why: string) => MaskletError): FloatRing[] {
  const rings: number[][] = [];
  let at = 0;
  const next = (): number => {
    if (at >= size) throw invalid("its shape breaks off");
    return view.getFloat32(headerBytes + 4 * at++);
  };
  while (at < size) {
    const segment = next();
    if (segment === 4) continue;
    const points = Array.from({ length: 2 * ({ 0: 1, 1: 1, 2: 2, 3: 3 }[segment] ?? 0) }, next);
    if (points.length === 0) throw invalid(`its shape has a segment of the unknown kind ${segment}`);
    if (segment === 0 || rings.length === 0) rings.push([]);
    const ring = rings.at(-1)!;
    const from = ring.length === 0 ? points.slice(0, 2) : ring.slice(-2);
    for (let piece = segment < 2 ? curvePieces : 1; piece <= curvePieces; piece++) ring.push(...bezier([...from, ...points], piece / curvePieces));
  }
  return rings.map((ring) => Float64Array.from(ring));
}

/** De Casteljau's construction over `x, y` pairs. */
function bezier(points: readonly number[], part: number): readonly number[] {
  if (part === 1) return points.slice(-2);
  let level = [...points];
  while (level.length > 2) level = level.slice(0, -2).map((value, at) => value + part * (level[at + 2]! - value));
  return level;
}
