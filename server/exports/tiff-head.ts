// The bytes around the planes of an ImageJ TIFF: directories, description, and ImageJ's private tags 50838 and 50839.
import type { DisplayRange, Dtype, Shape, Spacing } from "#protocol/types.ts";

export interface StackDescription {
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** Micrometres; undefined = not calibrated. */
  readonly spacing?: Spacing | undefined;
  readonly displayRange?: DisplayRange | undefined;
  /** One a channel: 256 reds, 256 greens, 256 blues. */
  readonly luts?: readonly Uint8Array[] | undefined;
  /** One a plane, in the order of the planes; "" = none. */
  readonly sliceLabels?: readonly string[] | undefined;
}

const short = 3;
const long = 4;
const rational = 5;
const ascii = 2;
const byte = 1;

/** A tag with its values as bytes, big-endian. */
interface Tag {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Buffer;
}

/** Header, first directory and its values; the first plane begins right after. */
export function leadingBytes(stack: StackDescription, planeBytes: number): Buffer {
  const header = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8]);
  // The length does not depend on the offsets, so it is found with zeros first.
  const length = 8 + directory(firstTags(stack, planeBytes, 0), 8, 0).length;
  const { t, c, z } = stack.shape;
  const end = length + planeBytes * t * c * z;
  const nextAt = t * c * z > 1 && hasLaterDirectories(stack, planeBytes, length) ? end : 0;
  return Buffer.concat([header, directory(firstTags(stack, planeBytes, length), 8, nextAt)]);
}

/** The directories of planes 1 and later, to be put right after the last plane; empty in the > 4 GB form.
 * @param firstPlaneAt where plane 0 begins */
export function laterDirectories(stack: StackDescription, planeBytes: number, firstPlaneAt: number): Buffer {
  if (!hasLaterDirectories(stack, planeBytes, firstPlaneAt)) return Buffer.alloc(0);
  const { t, c, z } = stack.shape;
  const total = t * c * z;
  const parts: Buffer[] = [];
  let at = firstPlaneAt + planeBytes * total;
  for (let plane = 1; plane < total; plane++) {
    const tags = pageTags(stack, planeBytes, firstPlaneAt + plane * planeBytes);
    const length = directory(tags, at, 0).length;
    parts.push(directory(tags, at, plane === total - 1 ? 0 : at + length));
    at += length;
  }
  return Buffer.concat(parts);
}

/** All offsets of a classic TIFF must fit into 32 bits. 256 bytes is more than one later directory takes. */
function hasLaterDirectories(stack: StackDescription, planeBytes: number, firstPlaneAt: number): boolean {
  const { t, c, z } = stack.shape;
  return firstPlaneAt + (planeBytes + 256) * t * c * z < 2 ** 32;
}

function pageTags(stack: StackDescription, planeBytes: number, planeAt: number): Tag[] {
  const { x, y } = stack.shape;
  const bits = { uint8: 8, uint16: 16, float32: 32 }[stack.dtype];
  const tags = [
    numbers(254, long, [0]), numbers(256, long, [x]), numbers(257, long, [y]), numbers(258, short, [bits]), numbers(259, short, [1]),
    numbers(262, short, [1]), numbers(273, long, [planeAt]), numbers(277, short, [1]), numbers(278, long, [y]), numbers(279, long, [planeBytes]),
  ];
  if (stack.spacing !== undefined) {
    tags.push(resolution(282, stack.spacing.x), resolution(283, stack.spacing.y), numbers(296, short, [1]));
  }
  tags.push(numbers(339, short, [stack.dtype === "float32" ? 3 : 1]));
  return tags;
}

function firstTags(stack: StackDescription, planeBytes: number, planeAt: number): Tag[] {
  const text = Buffer.from(`${describe(stack)}\0`, "latin1");
  const tags = [...pageTags(stack, planeBytes, planeAt), { tag: 270, type: ascii, count: text.length, bytes: text }, ...privateTags(stack)];
  // One channel: ImageJ keeps its table in the ordinary colour map, also for 16-bit and float; it reads the high bytes.
  const lut = stack.shape.c === 1 ? stack.luts?.[0] : undefined;
  if (lut !== undefined) tags.push(numbers(320, short, Array.from(lut, (value) => value * 257)));
  return tags.sort((a, b) => a.tag - b.tag);
}

function describe(stack: StackDescription): string {
  const { t, c, z } = stack.shape;
  const lines = ["ImageJ=1.53t"];
  const total = t * c * z;
  if (total > 1) lines.push(`images=${total}`);
  if (c > 1) lines.push(`channels=${c}`);
  if (z > 1) lines.push(`slices=${z}`);
  if (t > 1) lines.push(`frames=${t}`);
  if ([t, c, z].filter((n) => n > 1).length > 1 || c > 1 || t > 1) lines.push("hyperstack=true");
  if (c > 1) lines.push(stack.luts === undefined ? "mode=grayscale" : "mode=composite");
  if (stack.spacing !== undefined) lines.push("unit=\\u00B5m", `spacing=${stack.spacing.z}`);
  lines.push("loop=false");
  if (stack.displayRange !== undefined) lines.push(`min=${stack.displayRange[0]}`, `max=${stack.displayRange[1]}`);
  return `${lines.join("\n")}\n`;
}

/** ImageJ's TiffEncoder: a header of the magic "IJIJ" and (kind, count) pairs, then the entries; tag 50838 has all their lengths. */
function privateTags(stack: StackDescription): Tag[] {
  const kinds: { kind: string; entries: Buffer[] }[] = [];
  if (stack.sliceLabels !== undefined) kinds.push({ kind: "labl", entries: stack.sliceLabels.map((label) => Buffer.from(label, "utf16le").swap16()) });
  if (stack.shape.c > 1 && stack.displayRange !== undefined) {
    const range = stack.displayRange;
    const ranges = Buffer.alloc(16 * stack.shape.c);
    for (let c = 0; c < stack.shape.c; c++) {
      ranges.writeDoubleBE(range[0], 16 * c);
      ranges.writeDoubleBE(range[1], 16 * c + 8);
    }
    kinds.push({ kind: "rang", entries: [ranges] });
  }
  if (stack.shape.c > 1 && stack.luts !== undefined) kinds.push({ kind: "luts", entries: stack.luts.map((lut) => Buffer.from(lut)) });
  if (kinds.length === 0) return [];
  const header = Buffer.alloc(4 + 8 * kinds.length);
  header.write("IJIJ", 0, "latin1");
  kinds.forEach(({ kind, entries }, index) => {
    header.write(kind, 4 + 8 * index, "latin1");
    header.writeUInt32BE(entries.length, 8 + 8 * index);
  });
  const parts = [header, ...kinds.flatMap(({ entries }) => entries)];
  const bytes = Buffer.concat(parts);
  return [numbers(50838, long, parts.map((part) => part.length)), { tag: 50839, type: byte, count: bytes.length, bytes }];
}

/** Pixels per micrometre as 10^k / (spacing * 10^k): a decimal spacing comes back exactly. Both stay below 2^31, as ImageJ reads them. */
function resolution(tag: number, spacingUm: number): Tag {
  let numerator = 1e9;
  while (numerator > 1 && spacingUm * numerator >= 2 ** 31) numerator /= 10;
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(numerator, 0);
  bytes.writeUInt32BE(Math.min(2 ** 31 - 1, Math.max(1, Math.round(spacingUm * numerator))), 4);
  return { tag, type: rational, count: 1, bytes };
}

function numbers(tag: number, type: number, values: readonly number[]): Tag {
  const size = type === short ? 2 : 4;
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, index) => type === short ? bytes.writeUInt16BE(value, index * 2) : bytes.writeUInt32BE(value, index * 4));
  return { tag, type, count: values.length, bytes };
}

/** The directory at `at`, followed by the values that do not fit into it. */
function directory(tags: readonly Tag[], at: number, nextAt: number): Buffer {
  const table = Buffer.alloc(2 + 12 * tags.length + 4);
  const values: Buffer[] = [];
  let valueAt = at + table.length;
  table.writeUInt16BE(tags.length, 0);
  tags.forEach(({ tag, type, count, bytes }, index) => {
    const entry = 2 + 12 * index;
    table.writeUInt16BE(tag, entry);
    table.writeUInt16BE(type, entry + 2);
    table.writeUInt32BE(count, entry + 4);
    if (bytes.length <= 4) {
      bytes.copy(table, entry + 8);
      return;
    }
    table.writeUInt32BE(valueAt, entry + 8);
    const padded = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
    values.push(padded);
    valueAt += padded.length;
  });
  table.writeUInt32BE(nextAt, 2 + 12 * tags.length);
  return Buffer.concat([table, ...values]);
}
