import { encodeModel, type Placed } from "./encode-model.ts";
import { readConstant, type GraphBuilder } from "./graph.ts";

/** A graph with all its constants in one piece, for small ones (protobuf ends at 2 GiB). Throws what the constants' readers throw. */
export async function wholeModel(graph: GraphBuilder): Promise<Uint8Array> {
  const placed = new Map<string, Placed>();
  for (const constant of graph.constants) {
    const data = await readConstant(constant);
    placed.set(constant.name, { inline: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) });
  }
  return encodeModel(graph, (constant) => placed.get(constant.name)!);
}
