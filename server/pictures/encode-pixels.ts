// Pixels as PNG and JPEG files.
import { encode as encodePng } from "fast-png";
import { encode as encodeJpegOf } from "jpeg-js";

/** Of 100: differences of a grey value or two, a fifth of the bytes. */
const jpegQuality = 95;

/** `[y, x]` grey of 8 or 16 bits, exact. */
export function greyPng(data: Uint8Array | Uint16Array, width: number, height: number): Uint8Array {
  return encodePng({ width, height, data, channels: 1, depth: data instanceof Uint16Array ? 16 : 8 });
}

/** `[y, x]` entries of a table of 256 colours. */
export function palettePng(data: Uint8Array, width: number, height: number, colors: readonly (readonly [number, number, number])[]): Uint8Array {
  return encodePng({ width, height, data, channels: 1, depth: 8, palette: colors.map((color) => [...color]) });
}

/** `[y, x]` grey of 8 bits, as a colour picture of equal parts, which every reader of JPEG takes. */
export function greyJpeg(data: Uint8Array, width: number, height: number): Uint8Array {
  const colours = new Uint8Array(4 * data.length).fill(255);
  for (let at = 0; at < data.length; at++) colours.fill(data[at]!, 4 * at, 4 * at + 3);
  return encodeJpegOf({ width, height, data: colours }, jpegQuality).data;
}
