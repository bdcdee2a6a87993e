// A PNG whose pixels are known to unpack to no more than its header promises: a few bytes of it may claim gigabytes, and the
// decoder takes what comes. Node's own inflate bounds it, and being native is the faster one too.
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { MaskletError, reasonOf } from "#protocol/errors.ts";

/** Signature and header chunk. */
const headBytes = 33;
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** @returns the same picture, its pixels not compressed. @throws file_unreadable */
export function boundedPng(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height, depth, samples] = [view.getUint32(16), view.getUint32(20), view.getUint8(24), samplesOf[view.getUint8(25)] ?? 4];
  const packed: Uint8Array[] = [];
  const palette: Uint8Array[] = [];
  for (let at = headBytes; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === "IDAT") packed.push(bytes.subarray(at + 8, at + 8 + length));
    if (type === "PLTE") palette.push(bytes.subarray(at, end));
    if (type === "IEND") break;
    at = end;
  }
  // Interlaced, each of seven pictures has rows of its own: at most as many bytes again.
  const mostBytes = 2 * (Math.ceil((width * depth * samples) / 8) + 1) * height + 1024;
  return Buffer.concat([bytes.subarray(0, headBytes), ...palette, chunk("IDAT", deflateSync(inflate(Buffer.concat(packed), mostBytes), { level: 0 })), chunk("IEND", new Uint8Array(0))]);
}

function inflate(packed: Uint8Array, mostBytes: number): Uint8Array {
  try {
    return inflateSync(packed, { maxOutputLength: mostBytes });
  } catch (thrown) {
    throw MaskletError.of("file_unreadable", { file: "The PNG picture", why: reasonOf(thrown) }, thrown);
  }
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, "latin1");
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}
