// A network between client and server that can be slow, stand still and break, as a socket sees it.
import { createServer, connect, type Socket } from "node:net";
import { once } from "node:events";
import { setTimeout as later } from "node:timers/promises";
import { MaskletError } from "#protocol/errors.ts";

export interface NetworkOptions {
  /** Before each piece is passed on. */
  readonly delayMs?: number;
  /** Bytes of a piece. */
  readonly pieceBytes?: number;
}

export interface Network {
  /** The server's address on this side. */
  readonly url: string;
  /** Breaks every connection there is; new ones are made. */
  cut(): void;
  /** Breaks every connection once so many more bytes have gone up to the server. */
  cutAfter(bytes: number): void;
  /** Nothing arrives any more, and nobody is told; until resume. */
  stall(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** @param server such as ws://127.0.0.1:8000 */
export async function startNetwork(server: string, { delayMs = 0, pieceBytes = 65_536 }: NetworkOptions = {}): Promise<Network> {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket>();
  let upLeft = Infinity;
  let standing: Promise<void> | undefined;
  let go: (() => void) | undefined;

  async function pump(from: Socket, to: Socket, up: boolean): Promise<void> {
    for await (const chunk of from) {
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        const piece = chunk.subarray(at, at + pieceBytes);
        if (delayMs > 0) await later(delayMs);
        await standing;
        if (up && (upLeft -= piece.length) < 0) return cut();
        if (!to.write(piece)) await once(to, "drain");
      }
    }
    to.end();
  }

  function cut(): void {
    upLeft = Infinity;
    for (const socket of open) socket.resetAndDestroy();
  }

  const listener = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => socket.destroy()).on("close", () => {
        open.delete(socket);
        (socket === near ? far : near).destroy();
      });
    }
    // A broken pipe ends the pump; both ends are told by their own sockets.
    for (const way of [pump(near, far, true), pump(far, near, false)]) way.catch(() => near.destroy());
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw MaskletError.of("internal", { why: "the network has no port" });
  return {
    url: `ws://127.0.0.1:${address.port}`,
    cut,
    cutAfter: (bytes) => { upLeft = bytes; },
    stall: () => { standing ??= new Promise((resume) => { go = resume; }); },
    resume: () => { go?.(); standing = undefined; },
    stop: async () => {
      go?.();
      for (const socket of open) socket.destroy();
      await new Promise((closed) => listener.close(closed));
    },
  };
}
