// The upgrade of an HTTP request to the live socket at /v1/live. Programs also send Upgrade headers that ask for something else
// (Apache's HTTP client offers TLS on every GET); those are ordinary requests and are answered as such.
import { ServerResponse } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Operations } from "#server/operations.ts";
import type { Gate } from "../gate.ts";
import { sendProblem } from "../http/problem.ts";
import { openConnection } from "./connection.ts";

export interface LiveParts {
  readonly operations: Operations;
  readonly gate: Gate;
  readonly server: string;
  readonly onFault: (error: MaskletError) => void;
}

export interface Live {
  /** Takes over the server's upgrades. */
  attach(server: Server): void;
  /** Tells the clients that the server goes away; their requests are cancelled. */
  close(): Promise<void>;
}

const closeGoingAway = 1001;
const closePolicy = 1008;

export function createLive(parts: LiveParts): Live {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: limits.maxFrameBytes });
  const leaving = new Set<Promise<void>>();

  const accept = (socket: WebSocket, tokenSeen: boolean): void => {
    const connection = openConnection(
      { get bufferedAmount() { return socket.bufferedAmount; }, send: (frame, sent) => socket.send(frame, sent) },
      { ...parts, tokenSeen, hangUp: (why) => socket.close(closePolicy, why) },
    );
    socket.on("message", (data, isBinary) => {
      if (!isBinary) return connection.onText();
      connection.onFrame(Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data));
    });
    // ws closes the socket by itself after an error (a frame beyond maxPayload, a broken header); "close" follows.
    socket.on("error", (error) => {
      if (!("code" in error)) parts.onFault(asMaskletError(error));
    });
    socket.on("close", () => {
      const left = connection.onClose().catch((thrown: unknown) => parts.onFault(asMaskletError(thrown))).finally(() => leaving.delete(left));
      leaving.add(left);
    });
  };

  const upgrade = (server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Until ws takes over, a reset by the peer would otherwise be an uncaught error.
    const ignore = (): void => void socket.destroy();
    socket.on("error", ignore);
    if (request.headers.upgrade?.toLowerCase() !== "websocket") return answerPlainly(server, request, socket);
    try {
      const tokenSeen = admit(request, parts.gate, sockets.clients.size);
      sockets.handleUpgrade(request, socket, head, (made) => {
        socket.off("error", ignore);
        accept(made, tokenSeen);
      });
    } catch (thrown) {
      const response = responseOn(request, socket);
      sendProblem(response, thrown);
    }
  };

  return {
    attach: (server) => void server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => upgrade(server, request, socket, head)),
    close: async () => {
      for (const socket of sockets.clients) {
        socket.close(closeGoingAway, "server stops");
        // A client that does not answer the closing must not keep the server.
        setTimeout(() => socket.terminate(), 1000).unref();
      }
      await new Promise<void>((closed) => sockets.close(() => closed()));
      await Promise.all(leaving);
    },
  };
}

/** @returns whether the token came in a header. @throws host_forbidden, origin_forbidden, token_wrong, route_unknown, too_many */
function admit(request: IncomingMessage, gate: Gate, connections: number): boolean {
  gate.checkPlace(request.headers);
  // Browsers cannot set this header on a socket; they give the token in hello.
  const tokenSeen = request.headers.authorization !== undefined || !gate.wantsToken;
  if (tokenSeen) gate.checkToken(request.headers);
  const path = (request.url ?? "").split("?")[0];
  if (path !== "/v1/live") throw MaskletError.of("route_unknown", { method: "upgrade to websocket", path: path ?? "" });
  if (connections >= limits.maxConnections) throw MaskletError.of("too_many", { what: "connections", limit: limits.maxConnections, limitName: "maxConnections" });
  return tokenSeen;
}

/** Node has taken the request out of its HTTP parser, so this is the last answer on the socket. */
function answerPlainly(server: Server, request: IncomingMessage, socket: Duplex): void {
  const response = responseOn(request, socket);
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (encoding !== undefined || (length !== undefined && length !== "0")) {
    const why = `an Upgrade to ${request.headers.upgrade ?? "nothing"} is not offered on requests with a body`;
    sendProblem(response, MaskletError.of("request_invalid", { what: "request", at: "/headers/upgrade", why }));
    return;
  }
  server.emit("request", request, response);
}

function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  if (!(socket instanceof Socket)) throw MaskletError.of("internal", { why: "an upgrade on something that is not a socket" });
  response.assignSocket(socket);
  response.once("finish", () => {
    response.detachSocket(socket);
    socket.end();
  });
  return response;
}
