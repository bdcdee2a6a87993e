// Stands between a script and the server and writes down what they say, since a script's requests are seen nowhere else.
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { MaskletError } from "#protocol/errors.ts";

/** JSON as it came; a member that is not there reads as undefined and fails the comparison. */
type Json = ReturnType<typeof JSON.parse>;

export interface Said {
  readonly method: string;
  readonly path: string;
  readonly sent: Buffer;
  readonly status: number;
  /** Parsed, where it is JSON. */
  readonly answer: Json;
}

/** @param work is given the address to ask instead of `url`, and all that was said so far */
export async function withRecordingProxy(url: string, work: (url: string, said: readonly Said[]) => Promise<void>): Promise<void> {
  const said: Said[] = [];
  const { port } = new URL(url);
  const proxy = createServer((asked, answer) => {
    const sent: Buffer[] = [];
    asked.on("data", (piece: Buffer) => sent.push(piece));
    asked.on("end", () => {
      const body = Buffer.concat(sent);
      const headers = { ...asked.headers, host: `127.0.0.1:${port}` };
      const on = request(`${url}${asked.url ?? "/"}`, { method: asked.method ?? "GET", headers }, (reply) => {
        const got: Buffer[] = [];
        reply.on("data", (piece: Buffer) => got.push(piece));
        reply.on("end", () => {
          const text = Buffer.concat(got).toString();
          said.push({ method: asked.method ?? "", path: asked.url ?? "", sent: body, status: reply.statusCode ?? 0, answer: /^[[{]/.test(text) ? JSON.parse(text) : text });
          answer.writeHead(reply.statusCode ?? 500, reply.headers);
          answer.end(Buffer.concat(got));
        });
      });
      on.on("error", () => answer.destroy());
      on.end(body);
    });
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const address: AddressInfo | string | null = proxy.address();
  if (address === null || typeof address === "string") throw MaskletError.of("internal", { why: "the proxy has no port" });
  try {
    await work(`http://127.0.0.1:${address.port}`, said);
  } finally {
    proxy.closeAllConnections();
    await new Promise((closed) => proxy.close(closed));
  }
}
