// Request bodies: JSON by schema, pixels and files by their size. Nothing is taken into memory before its size is known to be allowed.
import type { IncomingMessage } from "node:http";
import express from "express";
import type { Request, RequestHandler } from "express";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { bytesFromJson } from "#protocol/message.ts";
import { validate } from "#protocol/schema.ts";
import type { Schema, SchemaName } from "#protocol/types.ts";

/**
 * Only `application/json` is read: a form of a foreign page cannot have that type without asking first. A body announced as
 * too large is refused here, since the parser would first read it to its end.
 */
export function jsonBody(): RequestHandler {
  const isJson = "application/json";
  const parse = express.json({ limit: limits.maxJsonBytes, type: isJson });
  return (request, response, next) => {
    const size = Number(request.headers["content-length"] ?? 0);
    if (size > limits.maxJsonBytes && request.is(isJson) !== false) throw MaskletError.of("too_large", { what: "request body", size, limit: limits.maxJsonBytes, limitName: "maxJsonBytes" });
    parse(request, response, next);
  };
}

/** @throws request_invalid */
export function bodyAs<N extends SchemaName>(name: N, request: Request): Schema<N> {
  const body: unknown = request.body;
  if (body === undefined) throw MaskletError.of("request_invalid", { what: name, at: "", why: "the body must be JSON, with Content-Type: application/json" });
  return validate(name, bytesFromJson(name, body));
}

/** The body, piece by piece. @throws too_large, cancelled when the sender goes away */
export async function* pieces(request: IncomingMessage, what: string, limit: number, limitName: string): AsyncGenerator<Uint8Array> {
  const tooLarge = (size: number): MaskletError => MaskletError.of("too_large", { what, size, limit, limitName });
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limit) throw tooLarge(announced);
  let size = 0;
  try {
    for await (const piece of request) {
      const bytes: unknown = piece;
      if (!(bytes instanceof Uint8Array)) throw MaskletError.of("internal", { why: "the body is not read as bytes" });
      size += bytes.length;
      if (size > limit) throw tooLarge(size);
      yield bytes;
    }
  } catch (error) {
    if (request.destroyed && !(error instanceof MaskletError)) throw MaskletError.of("cancelled", {}, error);
    throw error;
  }
}

/** A whole number of the path. @throws request_invalid */
export function pathIndex(request: Request, name: string): number {
  const text = request.params[name];
  if (typeof text !== "string" || !/^\d{1,10}$/.test(text) || Number(text) > 2 ** 31 - 1) {
    throw MaskletError.of("request_invalid", { what: "path", at: `/${name}`, why: "it must be a whole number" });
  }
  return Number(text);
}

/** An id of the path; one of the wrong form is an id that is not there. @throws not_found */
export function pathId(request: Request, what: "volume" | "session" | "job"): string {
  const id = request.params["id"];
  if (typeof id === "string" && /^[a-z]+-[A-Za-z0-9]{6,40}$/.test(id)) return id;
  throw MaskletError.of("not_found", { what, id: String(id) });
}
