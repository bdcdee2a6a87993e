// Every failure over HTTP as problem+json (RFC 9457).
import type { ServerResponse } from "node:http";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import type { Schema } from "#protocol/types.ts";

function problemOf(error: MaskletError): Schema<"Problem"> {
  const { code, message, hint, details } = error.toFault();
  return { type: `urn:masklet:error:${code}`, title: code.replaceAll("_", " "), status: error.status, detail: message, code, message, hint, details };
}

/** Sends what went wrong; when the answer has begun already, breaks the connection, which says so without pretending to be whole. */
export function sendProblem(response: ServerResponse, thrown: unknown): void {
  const error = fromHttp(thrown);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = Buffer.from(JSON.stringify(problemOf(error)));
  response.statusCode = error.status;
  response.setHeader("Content-Type", "application/problem+json");
  response.setHeader("Content-Length", body.length);
  if (error.status === 401) response.setHeader("WWW-Authenticate", "Bearer");
  // A body that was refused is not read to its end, so nothing can follow it.
  if (error.status === 413) response.setHeader("Connection", "close");
  response.end(body);
}

/** What the body parser and the router throw, in our own words; all else as it is. */
function fromHttp(thrown: unknown): MaskletError {
  if (thrown instanceof MaskletError || !(thrown instanceof Error) || !("status" in thrown) || typeof thrown.status !== "number") return asMaskletError(thrown);
  if (thrown.status === 413 && "limit" in thrown && "length" in thrown) {
    return MaskletError.of("too_large", { what: "request body", size: Number(thrown.length ?? 0), limit: Number(thrown.limit), limitName: "maxJsonBytes" }, thrown);
  }
  if (thrown.status >= 400 && thrown.status < 500) return MaskletError.of("request_invalid", { what: "request", at: "", why: thrown.message }, thrown);
  return asMaskletError(thrown);
}
