// Live messages by their name `t`: which schema each has, and what JSON makes of their bytes.
import { MaskletError } from "./errors.ts";
import { isBytes, resolve, schemaNode, validate, type SchemaNode } from "./schema.ts";
import type { ClientMessage, SchemaName, ServerMessage } from "./types.ts";

/** Said in `hello` and in `/v1/health`; a server and its clients must have the same. */
export const protocolVersion = 1;

const clientSchemas = {
  hello: "Hello",
  "volume.open": "VolumeOpen",
  "slice.put": "SlicePut",
  "prompt.set": "PromptSet",
  "prompts.put": "PromptsPut",
  "prompt.remove": "PromptRemove",
  "object.remove": "ObjectRemove",
  undo: "Undo",
  redo: "Redo",
  propagate: "Propagate",
  automask: "Automask",
  "automask.stack": "AutomaskStack",
  combine: "Combine",
  split: "Split",
  "classical.run": "ClassicalRun",
  "recipes.list": "RecipesList",
  "labels.get": "LabelsGet",
  measure: "Measure",
  evaluate: "Evaluate",
  cancel: "Cancel",
} as const satisfies Record<ClientMessage["t"], SchemaName>;

const serverSchemas = {
  result: "Result",
  error: "ErrorMessage",
  cancelled: "Cancelled",
  progress: "ProgressMessage",
  mask: "MaskMessage",
  need: "Need",
  changed: "Changed",
} as const satisfies Record<ServerMessage["t"], SchemaName>;

function isClientName(name: unknown): name is ClientMessage["t"] {
  return typeof name === "string" && Object.hasOwn(clientSchemas, name);
}

function isServerName(name: unknown): name is ServerMessage["t"] {
  return typeof name === "string" && Object.hasOwn(serverSchemas, name);
}

/** The schema a message's `t` names, if there is one. */
export function messageSchema(name: unknown): SchemaName | undefined {
  if (isClientName(name)) return clientSchemas[name];
  return isServerName(name) ? serverSchemas[name] : undefined;
}

function nameOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "t" in value ? value.t : undefined;
}

/** @throws request_invalid */
export function checkClientMessage(value: unknown): ClientMessage {
  const name = nameOf(value);
  if (isClientName(name)) return validate(clientSchemas[name], value);
  throw MaskletError.of("request_invalid", { what: "ClientMessage", at: "/t", why: `it must be one of ${Object.keys(clientSchemas).join(", ")}` });
}

/** @throws request_invalid */
export function checkServerMessage(value: unknown): ServerMessage {
  const name = nameOf(value);
  if (isServerName(name)) return validate(serverSchemas[name], value);
  throw MaskletError.of("request_invalid", { what: "ServerMessage", at: "/t", why: `it must be one of ${Object.keys(serverSchemas).join(", ")}` });
}

/** A value that came as JSON, with base64 text turned into bytes wherever the schema says so; still to be validated. */
export function bytesFromJson(name: SchemaName, value: unknown): unknown {
  return convert(schemaNode(name), value);
}

function convert(node: SchemaNode, value: unknown): unknown {
  const schema = resolve(node);
  if (isBytes(schema)) return typeof value === "string" ? new Uint8Array(Buffer.from(value, "base64")) : value;
  const { items, properties } = schema;
  if (Array.isArray(value)) return items ? value.map((item) => convert(items, item)) : value;
  if (typeof value !== "object" || value === null || properties === undefined) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, Object.hasOwn(properties, key) ? convert(properties[key]!, member) : member]));
}

/** For JSON.stringify: bytes become base64 text. */
export function bytesToJson(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}
