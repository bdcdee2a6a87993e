// Graphs and the one file of weights they share.
import { createHash } from "node:crypto";
import { open, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import { encodeModel, type Placed } from "./encode-model.ts";
import { readConstant, type Constant, type ConstantData, type ElementType, type GraphBuilder } from "./graph.ts";

export interface GraphFile {
  /** A name inside the folder. */
  readonly file: string;
  readonly graph: GraphBuilder;
}

/** Smaller constants stay in the graph, where shape inference and folding see them. */
const INLINE_BYTES = 1024;
/** Cache lines; readers that map the file find tensors aligned. */
const ALIGNMENT = 64;

/**
 * Writes the graphs, and `weightsFile` with every large constant once: equal bytes share a place, also between graphs.
 * Holds one constant at a time. Overwrites; a folder that must be whole or absent is the caller's care.
 * Progress counts the constants' bytes.
 * @throws whatever the constants' readers throw, and cancelled
 */
export async function writeGraphs(folder: string, graphs: readonly GraphFile[], weightsFile: string, watch: Watch = {}): Promise<void> {
  const total = graphs.reduce((sum, { graph }) => sum + graph.constants.reduce((bytes, constant) => bytes + sizeOf(constant), 0), 0);
  let done = 0;
  const weights = await open(join(folder, weightsFile), "w");
  try {
    const store = createStore(weights, weightsFile);
    for (const { file, graph } of graphs) {
      const placed = new Map<string, Placed>();
      for (const constant of graph.constants) {
        throwIfCancelled(watch.signal);
        placed.set(constant.name, await store(constant));
        done += sizeOf(constant);
        watch.onProgress?.({ done, total, unit: "bytes" });
      }
      await writeFile(join(folder, file), encodeModel(graph, (constant) => placed.get(constant.name)!));
    }
  } finally {
    await weights.close();
  }
}

function createStore(weights: FileHandle, file: string): (constant: Constant) => Promise<Placed> {
  const known = new Map<string, number>();
  let end = 0;
  return async (constant) => {
    const bytes = bytesOf(await readConstant(constant));
    // Integers are shapes and axes, which the runtime must see before it opens other files.
    if (constant.type === "int64" || bytes.length < INLINE_BYTES) return { inline: bytes };
    const hash = createHash("sha256").update(bytes).digest("hex");
    const before = known.get(hash);
    if (before !== undefined) return { file, offset: before, length: bytes.length };
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    for (let at = 0; at < bytes.length; ) at += (await weights.write(bytes, at, bytes.length - at, offset + at)).bytesWritten;
    known.set(hash, offset);
    end = offset + bytes.length;
    return { file, offset, length: bytes.length };
  };
}

const elementBytes: Record<ElementType, number> = { float32: 4, int64: 8, int8: 1, uint8: 1 };

function sizeOf(constant: Constant): number {
  return constant.dims.reduce((product, dim) => product * dim, elementBytes[constant.type]);
}

/** Files are little-endian, and so is every machine this runs on. */
function bytesOf(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
