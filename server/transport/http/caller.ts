// Who asks over HTTP, and when they have gone.
import type { Response } from "express";
import type { OperationContext } from "#server/operations.ts";

/** HTTP keeps no connection between two requests, so all of them are one author. */
export const httpAuthor = { id: "http", name: "http" } as const;

/** Work for this request stops when its client goes away. */
export function callerOf(response: Response): OperationContext {
  const gone = new AbortController();
  response.once("close", () => { if (!response.writableFinished) gone.abort(); });
  return { author: httpAuthor, signal: gone.signal };
}
