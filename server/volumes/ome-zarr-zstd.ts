// Zstandard: Node's own off the main thread where it has it (22.15 and later), else the WebAssembly that zarrita brings.
import * as zlib from "node:zlib";
import { zstdBound } from "./tiff-unpack.ts";

interface ByteCodec {
  encode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  decode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Measured on a 64 MiB chunk of labels: level 3 was faster than 1 and its result a seventh smaller. */
export const zstdLevel = 3;

/** Whether this Node unpacks Zstandard itself. */
export function hasNativeZstd(): boolean {
  return typeof zlib.zstdCompress === "function";
}

/** @param mostBytes never unpacked further than this; Node's takes a buffer of this size
 * @throws the decoder's own error, or RangeError, for what is damaged or longer */
export async function unpackZstd(raw: Uint8Array, mostBytes: number, native = hasNativeZstd()): Promise<Uint8Array> {
  if (native) {
    return new Promise((resolve, reject) => {
      zlib.zstdDecompress(raw, bounded(mostBytes), (fault, bytes) => fault === null ? resolve(bytes) : reject(fault));
    });
  }
  // Short blocks state no size, so the bound may exceed what comes; it is the codec that takes as much as a frame states.
  const bound = zstdBound(raw);
  if (bound > 2 * mostBytes + 2 ** 19) throw new RangeError(`a zstd frame of up to ${bound} bytes where ${mostBytes} may come`);
  return (await wasmCodec()).decode(raw);
}

/** One frame that states its size, without a checksum. */
export async function packZstd(bytes: Uint8Array, native = hasNativeZstd()): Promise<Uint8Array> {
  if (!native) return (await wasmCodec()).encode(bytes);
  const options = { params: { [zlib.constants.ZSTD_c_compressionLevel]: zstdLevel }, pledgedSrcSize: bytes.length, chunkSize: 2 ** 20 };
  return new Promise((resolve, reject) => {
    zlib.zstdCompress(bytes, options, (fault, packed) => fault === null ? resolve(packed) : reject(fault));
  });
}

/** One buffer that takes everything: Node would else gather pieces of 16 KiB. */
export function bounded(mostBytes: number): { maxOutputLength: number; chunkSize: number } {
  return { maxOutputLength: mostBytes, chunkSize: mostBytes + 64 };
}

async function wasmCodec(): Promise<ByteCodec> {
  const { registry } = await import("zarrita");
  const found = await registry.get("zstd")!();
  return found.fromConfig({ level: zstdLevel }, { dataType: "uint8", shape: [], codecs: [], fillValue: null });
}
