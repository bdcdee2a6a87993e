// The compiled core of the kernels and the memory it works in: loaded at first use in each thread, synchronously.
// Every call lays out what it needs from one bump allocator and gives it all back. The kernels work through a volume strip by strip,
// a few megabytes for ordinary filters and `memoryLimitBytes` at the very most. Wasm memory never shrinks, so an instance that grew
// beyond `keptBytes` is let go after the call: no thread holds more between calls.
import { readFileSync } from "node:fs";
import { MaskletError } from "#protocol/errors.ts";

/** Addresses and counts of bytes or values; assembly/*.ts say what each means. */
type Kernel = (...numbers: number[]) => void;

const kernelNames = [
  "columnMediansKeys", "columnMediansU16", "columnMediansU8", "correlate", "extremeI32", "extremeU16", "extremeU8", "floatRowsU16", "floatRowsU8", "keyRows", "magnitude",
  "median27I32", "median27U16", "median27U8", "medianBoxI32", "medianBoxU16", "medianBoxU8", "moveRows", "padRows1", "padRows2", "padRows4", "plateProducts", "plateRows", "plateTaps",
] as const;

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** TypeScript knows WebAssembly from the DOM's types only; this is what is used of it. */
declare const WebAssembly: { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { readonly exports: object } };

export type Core = Readonly<Record<(typeof kernelNames)[number], Kernel>> & { readonly memory: WasmMemory; freeMemory(): number };

/** A quarter of a gigabyte: a thread's share on a small machine. A volume 30 000 voxels wide stays below it at every usual radius. */
const memoryLimitBytes = 2 ** 28;
/** What ordinary filters need at any width, with room to spare. */
const keptBytes = 2 ** 25;
const pageBytes = 65536;

const loaded = new Map<"core", Core>();
const tops = new Map<"top", number>();

function isCore(exports: object): exports is Core {
  return "memory" in exports && "freeMemory" in exports && kernelNames.every((name) => name in exports);
}

export function simdCore(): Core {
  const before = loaded.get("core");
  if (before !== undefined) return before;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL("./kernels.wasm", import.meta.url))));
  if (!isCore(exports)) throw MaskletError.of("internal", { why: "kernels.wasm was not built from these sources" });
  loaded.set("core", exports);
  return exports;
}

/**
 * Lends memory for the time of one call. Take everything before looking at any of it: taking may move the buffer under a view.
 * @param work is given `take(bytes)`, which answers an address divisible by 16; what lies there is left from before
 */
export function withMemory<R>(work: (core: Core, take: (bytes: number) => number) => R): R {
  const core = simdCore();
  const outer = tops.get("top");
  const bottom = outer ?? core.freeMemory();
  const take = (bytes: number): number => {
    const at = roundUp(tops.get("top") ?? bottom, 16);
    const top = at + bytes;
    if (top > memoryLimitBytes) throw MaskletError.of("too_large", { what: "neighbourhood of a filter", size: top, limit: memoryLimitBytes, limitName: "memoryLimitBytes" });
    const missing = top - core.memory.buffer.byteLength;
    if (missing > 0) core.memory.grow(Math.ceil(missing / pageBytes));
    tops.set("top", top);
    return at;
  };
  try {
    return work(core, take);
  } finally {
    if (outer !== undefined) tops.set("top", outer);
    else {
      tops.delete("top");
      if (core.memory.buffer.byteLength > keptBytes) loaded.delete("core");
    }
  }
}

export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

export function bytesAt(core: Core, at: number, length: number): Uint8Array {
  return new Uint8Array(core.memory.buffer, at, length);
}

export function u32At(core: Core, at: number, length: number): Uint32Array {
  return new Uint32Array(core.memory.buffer, at, length);
}

export function i32At(core: Core, at: number, length: number): Int32Array {
  return new Int32Array(core.memory.buffer, at, length);
}

export function f64At(core: Core, at: number, length: number): Float64Array {
  return new Float64Array(core.memory.buffer, at, length);
}

export function f32At(core: Core, at: number, length: number): Float32Array {
  return new Float32Array(core.memory.buffer, at, length);
}

/** Values of the same kind as `like`, in the core's memory. */
export function voxelsAt(core: Core, like: Uint8Array | Uint16Array | Float32Array, at: number, length: number): Uint8Array | Uint16Array | Float32Array {
  if (like instanceof Uint8Array) return bytesAt(core, at, length);
  return like instanceof Uint16Array ? new Uint16Array(core.memory.buffer, at, length) : f32At(core, at, length);
}
