// The compressions of a TIFF's strips and tiles, each bounded by what the block may hold.
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { getDecoder } from "geotiff";

const none = 1;
const lzw = 5;
const deflate = 8;
const oldDeflate = 32_946;
const packBits = 32_773;
const zstd = 50_000;

export const readableCompressions: ReadonlySet<number> = new Set([none, lzw, deflate, oldDeflate, packBits, zstd]);

/** How many bytes one stored byte can at most become: a few bytes that promise a gigabyte are refused before it is taken.
 * Deflate: 258 bytes in 2 bits; LZW: strings of up to 3838 bytes in 12 bits; PackBits: 128 in 2; zstd: 128 KiB in 4. */
export function mostExpansion(compression: number): number {
  if (compression === none) return 1;
  if (compression === packBits) return 64;
  if (compression === lzw) return 2559;
  return compression === zstd ? 32_768 : 1032;
}

const inflateAsync = promisify(inflate);

/** A block's bytes as they were before compression, at most `mostBytes` of them (a few more for zstd).
 * @throws RangeError or the decoder's own error when the stream is damaged; the caller names the file */
export async function unpack(raw: Uint8Array, mostBytes: number, compression: number): Promise<Uint8Array> {
  if (compression === none) return raw;
  if (compression === packBits) return unpackBits(raw, mostBytes);
  if (compression === lzw) return unpackLzw(raw, mostBytes);
  if (compression === zstd) return unpackZstd(raw, mostBytes);
  return inflateAsync(raw, { maxOutputLength: Math.max(64, mostBytes) });
}

/** PackBits (TIFF 6.0, section 9); the head byte 128 says nothing. */
function unpackBits(raw: Uint8Array, mostBytes: number): Uint8Array {
  const out = new Uint8Array(mostBytes);
  let to = 0;
  for (let from = 0; from < raw.length && to < mostBytes;) {
    const head = raw[from++]!;
    if (head === 128) continue;
    if (head < 128) {
      const run = raw.subarray(from, Math.min(from + head + 1, from + mostBytes - to));
      out.set(run, to);
      to += run.length;
      from += head + 1;
    } else {
      out.fill(raw[from++] ?? 0, to, to + 257 - head);
      to = Math.min(mostBytes, to + 257 - head);
    }
  }
  return out.subarray(0, to);
}

const clearCode = 256;
const endCode = 257;

/** LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, most significant first, widened one code early. geotiff's decoder loops
 * for ever on some damaged streams. Here an entry's prefix is always an older entry, so every walk ends. */
function unpackLzw(raw: Uint8Array, mostBytes: number): Uint8Array {
  const out = new Uint8Array(mostBytes);
  const prefixes = new Uint16Array(4096);
  const lasts = new Uint8Array(4096);
  const lengths = new Uint16Array(4096);
  for (let code = 0; code < 256; code++) {
    lasts[code] = code;
    lengths[code] = 1;
  }
  let next = 258;
  let width = 9;
  let previous = -1;
  let held = 0;
  let heldBits = 0;
  let to = 0;
  for (let from = 0; to < mostBytes;) {
    while (heldBits < width && from < raw.length) {
      held = ((held << 8) | raw[from++]!) & 0xff_ffff;
      heldBits += 8;
    }
    if (heldBits < width) break;
    heldBits -= width;
    const code = (held >>> heldBits) & ((1 << width) - 1);
    if (code === endCode) break;
    if (code === clearCode) {
      next = 258;
      width = 9;
      previous = -1;
      continue;
    }
    if (previous === -1 ? code > 255 : code > next || (code === next && next > 4095)) throw new RangeError(`LZW code ${code} stands for nothing`);
    // A code not yet in the table is the previous string and its own first byte once more.
    const fresh = previous !== -1 && code === next;
    const length = fresh ? lengths[previous]! + 1 : lengths[code]!;
    let walk = fresh ? previous : code;
    let at = to + length - (fresh ? 2 : 1);
    for (;; at--) {
      if (at < mostBytes) out[at] = lasts[walk]!;
      if (lengths[walk] === 1) break;
      walk = prefixes[walk]!;
    }
    const firstByte = lasts[walk]!;
    if (fresh && to + length <= mostBytes) out[to + length - 1] = firstByte;
    if (previous !== -1 && next < 4096) {
      prefixes[next] = previous;
      lasts[next] = firstByte;
      lengths[next] = lengths[previous]! + 1;
      next++;
      if (next + 1 >= 1 << width && width < 12) width++;
    }
    previous = code;
    to = Math.min(mostBytes, to + length);
  }
  return out.subarray(0, to);
}

/** Zstandard through geotiff's WebAssembly, which itself knows no bound. */
async function unpackZstd(raw: Uint8Array, mostBytes: number): Promise<Uint8Array> {
  const bound = zstdBound(raw);
  // Blocks may be short, so the bound may be larger than the pixels; twice is generous.
  if (!(bound <= 2 * mostBytes + 4 * zstdBlockBytes)) throw new RangeError(`a zstd frame of up to ${bound} bytes where ${mostBytes} may come`);
  const decoder = await getDecoder(zstd, { tileWidth: 1, tileHeight: 1, predictor: 1, bitsPerSample: 8, planarConfiguration: 1 });
  // The decoder wants a buffer of its own.
  return new Uint8Array(await decoder.decode(raw.slice().buffer));
}

const zstdBlockBytes = 128 * 1024;

/** The most bytes the frame can unpack to: its own statement, else what its blocks may hold (RFC 8878, 3.1.1). */
export function zstdBound(raw: Uint8Array): number {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  if (view.getUint32(0, true) !== 0xfd2f_b528) throw new RangeError("not a zstd frame");
  const descriptor = view.getUint8(4);
  const single = (descriptor & 0x20) !== 0;
  const sizeAt = 5 + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  const sizeKind = descriptor >> 6;
  let at = sizeAt + (sizeKind === 0 ? (single ? 1 : 0) : 1 << sizeKind);
  let bound = 0;
  for (let last = false; !last;) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    last = (header & 1) === 1;
    const type = (header >> 1) & 3;
    const size = header >> 3;
    bound += type === 2 ? zstdBlockBytes : size;
    at += 3 + (type === 1 ? 1 : size);
  }
  if (at + ((descriptor & 4) === 0 ? 0 : 4) !== raw.length) throw new RangeError("a zstd frame ends elsewhere than its strip or tile");
  if (sizeKind === 3) return Math.max(bound, Number(view.getBigUint64(sizeAt, true)));
  return sizeKind === 2 ? Math.max(bound, view.getUint32(sizeAt, true)) : bound;
}
