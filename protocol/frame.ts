// One live message <-> one binary WebSocket frame, in the canonical form of PROTOCOL.md. Bytes only; sockets live elsewhere.
import { Packr, Unpackr } from "msgpackr";
import { asMaskletError, MaskletError } from "./errors.ts";
import { limits } from "./limits.ts";
import { checkClientMessage, checkServerMessage, messageSchema } from "./message.ts";
import { resolve, schemaNode, type SchemaNode } from "./schema.ts";
import type { ClientMessage, ServerMessage } from "./types.ts";

const packr = new Packr({ useRecords: false, variableMapSize: true, encodeUndefinedAsNil: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: "number" });

/** @returns canonical bytes: keys in schema order, shortest headers, whole numbers up to 32 bits as ints, absent members left out */
export function encodeFrame(message: ClientMessage | ServerMessage): Uint8Array {
  const name = messageSchema(message.t);
  if (name === undefined) throw MaskletError.of("internal", { why: `no schema for message ${message.t}` });
  return new Uint8Array(packr.pack(inOrder(schemaNode(name), message)));
}

/** @throws frame_invalid, request_invalid, too_large */
export function decodeClientFrame(frame: Uint8Array): ClientMessage {
  return checkClientMessage(unpack(frame));
}

/** @throws frame_invalid, request_invalid, too_large */
export function decodeServerFrame(frame: Uint8Array): ServerMessage {
  return checkServerMessage(unpack(frame));
}

/** The `id` of a frame that could not be used as a message, so that the fault can still be sent to its request; else 0. */
export function requestIdOf(frame: Uint8Array): number {
  try {
    const value = unpack(frame);
    const id = typeof value === "object" && value !== null && "id" in value ? value.id : 0;
    return typeof id === "number" && Number.isInteger(id) && id > 0 && id < 2 ** 32 ? id : 0;
  } catch (fault) {
    if (asMaskletError(fault).code === "internal") throw fault;
    return 0;
  }
}

function unpack(frame: Uint8Array): unknown {
  if (frame.length > limits.maxFrameBytes) {
    throw MaskletError.of("too_large", { what: "frame", size: frame.length, limit: limits.maxFrameBytes, limitName: "maxFrameBytes" });
  }
  try {
    return unpackr.unpack(frame);
  } catch (cause) {
    throw MaskletError.of("frame_invalid", { why: cause instanceof Error ? cause.message : "it cannot be decoded" }, cause);
  }
}

/** The same value with its keys in the order of the schema's properties; unknown keys of free objects stay, sorted as they came. */
function inOrder(node: SchemaNode, value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const schema = branchFor(resolve(node), value);
  if (Array.isArray(value)) return value.map((item, at) => inOrder(schema.prefixItems?.[at] ?? (schema.items || {}), item));
  const members = new Map(Object.entries(value));
  const names = new Set([...Object.keys(schema.properties ?? {}), ...members.keys()]);
  const ordered: Record<string, unknown> = {};
  for (const name of names) {
    const member = members.get(name);
    if (member !== undefined) ordered[name] = inOrder(schema.properties?.[name] ?? {}, member);
  }
  return ordered;
}

/** Of a union, the branch that has every member of the value and misses none it requires. */
function branchFor(schema: SchemaNode, value: object): SchemaNode {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches === undefined) return schema;
  if (Array.isArray(value)) return branches.map(resolve).find(({ type }) => type === "array") ?? {};
  const present = Object.keys(value);
  const fits = branches.map(resolve).find((branch) =>
    (branch.required ?? []).every((name) => present.includes(name)) && present.every((name) => branch.properties !== undefined && name in branch.properties));
  return fits ?? {};
}
