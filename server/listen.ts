// The addresses a server listens on: loopback only, unless another is asked for and a token keeps strangers out.
import { createServer } from "node:http";
import type { Server } from "node:http";
import { isIP } from "node:net";
import { isSystemError, MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Config } from "./config.ts";
import type { JobQueue } from "./jobs/queue.ts";
import type { Operations } from "./operations.ts";
import type { Samapi } from "./samapi/samapi.ts";
import { createGate, isLoopback } from "./transport/gate.ts";
import { createHttpApp } from "./transport/http/http-app.ts";
import { createLive } from "./transport/ws/live.ts";

export interface ListenParts {
  readonly operations: Operations;
  readonly jobs: JobQueue;
  readonly samapi: Samapi;
  readonly onFault: (error: MaskletError) => void;
  readonly server: string;
}

/** @throws port_in_use, token_required */
export async function listenAll(config: Config, parts: ListenParts): Promise<{ readonly urls: readonly string[]; close(): Promise<void> }> {
  const { host, token } = config;
  if (host !== undefined && !isLoopback(host) && token === undefined) throw MaskletError.of("token_required", { host });
  const gate = createGate(host === undefined ? [] : [host], token);
  const handler = createHttpApp({ ...parts, gate });
  const live = createLive({ ...parts, gate });
  const servers: Server[] = [];
  const urls: string[] = [];

  const listenOn = async (address: string, port: number): Promise<number> => {
    const server = createServer({ requestTimeout: limits.requestTimeoutMs }, handler);
    await bound(server, address, port);
    live.attach(server);
    servers.push(server);
    const at = server.address();
    const taken = typeof at === "object" && at !== null ? at.port : port;
    urls.push(`http://${isIP(address) === 6 ? `[${address}]` : address}:${taken}`);
    return taken;
  };

  const close = async (): Promise<void> => {
    const closing = servers.map((server) => new Promise<void>((closed) => server.close(() => closed())));
    await live.close();
    // Event streams and idle connections would keep a server for ever.
    for (const server of servers) server.closeAllConnections();
    await Promise.all(closing);
  };

  try {
    const port = await listenOn(host ?? "127.0.0.1", config.port);
    if (host === undefined) await listenOn("::1", port).catch((error: unknown) => { if (!isSystemError(error, "EADDRNOTAVAIL", "EAFNOSUPPORT")) throw error; });
  } catch (error) {
    await close();
    throw error;
  }
  return { urls, close };
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((listening, failed) => {
    const onError = (error: Error): void => failed(isSystemError(error, "EADDRINUSE") ? MaskletError.of("port_in_use", { host, port }, error) : error);
    server.once("error", onError);
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off("error", onError);
      listening();
    });
  });
}
