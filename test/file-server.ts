// A web server on this machine with one file that misbehaves on request: for tests of downloads.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Served {
  bytes: Uint8Array;
  /** Undefined: the server says nothing of versions. */
  etag?: string | undefined;
  /** Whether ranges are answered, as 206; else everything comes each time. */
  ranges: boolean;
  /** Status of the next answers, in order, in place of the file. */
  readonly refusals: number[];
  /** So many bytes of the next answers' bodies come before the connection is cut, once the client says they have arrived. */
  readonly cuts: number[];
  /** Position in the file up to which a cut answer has been sent. */
  stalledAt: number;
  /** Where the next answers send the client on to. */
  readonly redirects: string[];
}

export interface FileServer {
  readonly served: Served;
  /** What was asked, in order: the Range header, or "whole". */
  readonly asked: string[];
  readonly address: string;
  /** For the client's progress: cuts the connection when all has arrived that was to. */
  arrived(done: number): void;
  close(): Promise<void>;
}

export async function openFileServer(bytes: Uint8Array, name = "weights.pt"): Promise<FileServer> {
  const served: Served = { bytes, etag: '"v1"', ranges: true, refusals: [], cuts: [], stalledAt: -1, redirects: [] };
  const asked: string[] = [];
  const server = createServer((request, response) => answer(request, response, served, asked));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  const port = typeof at === "object" && at !== null ? at.port : 0;
  return {
    served, asked, address: `http://127.0.0.1:${port}/${name}`,
    arrived: (done) => {
      if (done === served.stalledAt) server.closeAllConnections();
    },
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, served: Served, asked: string[]): void {
  asked.push(request.headers.range ?? "whole");
  const location = served.redirects.shift();
  if (location !== undefined) return void response.writeHead(302, { location }).end();
  const refusal = served.refusals.shift();
  if (refusal !== undefined) return void response.writeHead(refusal).end();
  const { bytes, etag } = served;
  if (etag !== undefined) response.setHeader("etag", etag);
  const current = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
  const start = served.ranges && current ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
  if (start >= bytes.length && bytes.length > 0) return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
  response.setHeader("content-length", bytes.length - start);
  if (start > 0) response.setHeader("content-range", `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
  response.writeHead(start > 0 ? 206 : 200);
  const cut = served.cuts.shift();
  if (cut === undefined) return void response.end(bytes.subarray(start));
  served.stalledAt = start + cut;
  if (cut === 0) response.socket?.destroy();
  else response.write(bytes.subarray(start, start + cut));
}
