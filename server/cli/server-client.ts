// The command line as a client of a running server.
import { MaskletError } from "#protocol/errors.ts";
import { validate } from "#protocol/schema.ts";
import type { Schema, SchemaName } from "#protocol/types.ts";
import type { CommandContext } from "./command.ts";

export interface ServerClient {
  /** A JSON answer, checked against its schema. @throws what the server answers, server_unreachable, cancelled */
  ask<N extends SchemaName>(answer: N, method: string, path: string, body?: unknown): Promise<Schema<N>>;
  /** A file. */
  fetchBytes(path: string): Promise<Uint8Array>;
  /** Sends a file's bytes. */
  upload<N extends SchemaName>(answer: N, path: string, mediaType: string, body: Blob): Promise<Schema<N>>;
}

export function serverClient(url: string, context: Pick<CommandContext, "token" | "signal">): ServerClient {
  const send = async (method: string, path: string, headers: Record<string, string>, body: string | Blob | undefined): Promise<Response> => {
    const authorization: Record<string, string> = context.token === undefined ? {} : { authorization: `Bearer ${context.token}` };
    const asked = { method, headers: { ...authorization, ...headers }, signal: context.signal, ...(body === undefined ? {} : { body }) };
    const response = await reach(url, () => fetch(new URL(path, url), asked));
    if (response.ok) return response;
    throw MaskletError.fromFault(problemFault(await response.text(), response.status));
  };
  return {
    ask: async (answer, method, path, body) => {
      const json: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
      return validate(answer, await (await send(method, path, json, body === undefined ? undefined : JSON.stringify(body))).json());
    },
    fetchBytes: async (path) => new Uint8Array(await (await send("GET", path, {}, undefined)).arrayBuffer()),
    upload: async (answer, path, mediaType, body) => validate(answer, await (await send("POST", path, { "content-type": mediaType }, body)).json()),
  };
}

async function reach(url: string, attempt: () => Promise<Response>): Promise<Response> {
  try {
    return await attempt();
  } catch (cause) {
    if (cause instanceof Error && cause.name === "AbortError") throw cause;
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw MaskletError.of("server_unreachable", { url, why: inner instanceof Error ? inner.message || inner.name : String(inner) }, cause);
  }
}

function problemFault(text: string, status: number) {
  try {
    const { code, message, hint, details } = validate("Problem", JSON.parse(text));
    return { code, message, hint, details };
  } catch (cause) {
    return MaskletError.of("internal", { why: `the server answered ${status} with no problem body` }, cause).toFault();
  }
}
