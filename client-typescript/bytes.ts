// Bytes in JSON are base64. Which members those are is known by their names, so that no schema has to be read at run time;
// a test holds the names against openapi.yaml.
import { Buffer } from "node:buffer";

/** Members of openapi.yaml that are bytes, and are nowhere anything else. */
export const byteMembers: readonly string[] = ["bits", "roi", "data"];

/** For JSON.stringify. */
export function bytesToText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

/** For JSON.parse. */
export function textToBytes(key: string, value: unknown): unknown {
  return typeof value === "string" && byteMembers.includes(key) ? new Uint8Array(Buffer.from(value, "base64")) : value;
}
