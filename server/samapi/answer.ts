// Answers that may take long. The extension's HTTP client hangs up after three minutes of silence, and JSON may begin with blanks:
// so an answer that is late is begun, and a blank sent now and then until it is there.
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { constants, createGzip, gzip } from "node:zlib";
import type { Gzip } from "node:zlib";

const compress = promisify(gzip);

export function wantsGzip(request: IncomingMessage): boolean {
  const asked = String(request.headers["accept-encoding"] ?? "").toLowerCase();
  return /(^|[\s,])(gzip|\*)\s*(,|$|;(?!\s*q=0(\.0*)?\s*(,|$)))/.test(asked);
}

/** One whole answer. */
export async function send(response: ServerResponse, zipped: boolean, status: number, mediaType: string, text: string): Promise<void> {
  const body = zipped ? await compress(text) : Buffer.from(text);
  if (response.destroyed) return;
  response.writeHead(status, { "Content-Type": mediaType, "Content-Length": body.length, ...(zipped ? { "Content-Encoding": "gzip", Vary: "Accept-Encoding" } : {}) });
  response.end(body);
}

export interface Patience {
  readonly zipped: boolean;
  readonly heartbeatMs: number;
  /** Of the answer; blanks must be allowed before it. */
  readonly mediaType: string;
  /** The answer when it is too late to say with a status that the work has failed. */
  readonly late: (thrown: unknown) => string;
}

/** Sends what `work` brings with status 200. What fails before the first blank is thrown; after it the status has been sent. */
export async function sendWhenReady(response: ServerResponse, patience: Patience, work: () => Promise<string>): Promise<void> {
  const { heartbeatMs, mediaType, zipped, late } = patience;
  const begun: { out: ServerResponse | Gzip | undefined } = { out: undefined };
  const beat = (): void => {
    if (response.destroyed) return;
    begun.out ??= begin(response, patience);
    begun.out.write(" ");
    if ("flush" in begun.out) begun.out.flush(constants.Z_SYNC_FLUSH);
  };
  const beating = setInterval(beat, heartbeatMs);
  let text: string;
  try {
    text = await work();
  } catch (thrown) {
    if (begun.out === undefined) throw thrown;
    text = late(thrown);
  } finally {
    clearInterval(beating);
  }
  // Writing to who has gone would be an error that nobody can be told of.
  if (response.destroyed) return;
  if (begun.out === undefined) await send(response, zipped, 200, mediaType, text);
  else begun.out.end(text);
}

function begin(response: ServerResponse, { mediaType, zipped }: Patience): ServerResponse | Gzip {
  response.writeHead(200, { "Content-Type": mediaType, ...(zipped ? { "Content-Encoding": "gzip", Vary: "Accept-Encoding" } : {}) });
  if (!zipped) return response;
  const out = createGzip();
  out.pipe(response);
  return out;
}
