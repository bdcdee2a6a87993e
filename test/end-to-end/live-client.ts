// A client of /v1/live as small as can be, for tests: sends messages, collects what comes until a request ends.
import { WebSocket } from "ws";
import { decodeServerFrame, encodeFrame } from "#protocol/frame.ts";
import { MaskletError } from "#protocol/errors.ts";
import type { ClientMessage, Mask, Progress, Schema, ServerMessage } from "#protocol/types.ts";

export type LiveRequest = Exclude<ClientMessage, { t: "slice.put" | "cancel" }>;
type Ending = Extract<ServerMessage, { t: "result" | "error" | "cancelled" }>;

export interface Answer {
  readonly end: Ending;
  readonly masks: readonly Mask[];
  readonly progress: readonly Progress[];
}

export interface LiveClient {
  readonly received: readonly ServerMessage[];
  send(message: ClientMessage): void;
  sendRaw(data: Uint8Array | string): void;
  /** Resolves at the end of the request, whichever it is. */
  ask(message: LiveRequest): Promise<Answer>;
  /** The first message, past or to come, that the test looks for; each is given once. */
  next<T extends ServerMessage>(wanted: (message: ServerMessage) => message is T): Promise<T>;
  /** Called with each message as it comes. */
  onMessage(listener: (message: ServerMessage) => void): void;
  closed: Promise<{ code: number }>;
  close(): Promise<void>;
  /** Drops the connection without a word. */
  drop(): void;
}

export async function connect(url: string, options: { headers?: Record<string, string> } = {}): Promise<LiveClient> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/live`, { headers: options.headers ?? {} });
  const received: ServerMessage[] = [];
  const taken = new Set<ServerMessage>();
  const listeners = new Set<(message: ServerMessage) => void>();
  const closed = new Promise<{ code: number }>((resolve) => socket.on("close", (code) => resolve({ code })));
  socket.on("message", (data) => {
    if (!Buffer.isBuffer(data)) throw MaskletError.of("internal", { why: "ws gives Buffers" });
    const message = decodeServerFrame(data);
    received.push(message);
    for (const listener of [...listeners]) listener(message);
  });
  await new Promise<void>((open, failed) => {
    socket.once("open", open);
    socket.once("error", failed);
  });
  socket.on("error", () => undefined);
  const client: LiveClient = {
    received,
    send: (message) => socket.send(encodeFrame(message)),
    sendRaw: (data) => socket.send(data),
    ask: (message) => new Promise((resolve) => {
      const masks: Mask[] = [];
      const progress: Progress[] = [];
      const listener = (came: ServerMessage): void => {
        if (!("id" in came) || came.id !== message.id) return;
        if (came.t === "mask") masks.push(came.mask);
        else if (came.t === "progress") progress.push(came.progress);
        else {
          listeners.delete(listener);
          resolve({ end: came, masks, progress });
        }
      };
      listeners.add(listener);
      client.send(message);
    }),
    next: (wanted) => new Promise((resolve) => {
      const look = (message: ServerMessage): boolean => {
        if (taken.has(message) || !wanted(message)) return false;
        taken.add(message);
        resolve(message);
        return true;
      };
      if (received.some(look)) return;
      const listener = (message: ServerMessage): void => { if (look(message)) listeners.delete(listener); };
      listeners.add(listener);
    }),
    onMessage: (listener) => void listeners.add(listener),
    closed,
    close: async () => {
      socket.close();
      await closed;
    },
    drop: () => socket.terminate(),
  };
  return client;
}

export const isNeed = (message: ServerMessage): message is Extract<ServerMessage, { t: "need" }> => message.t === "need";
export const isChanged = (message: ServerMessage): message is Extract<ServerMessage, { t: "changed" }> => message.t === "changed";
export const isMask = (message: ServerMessage): message is Extract<ServerMessage, { t: "mask" }> => message.t === "mask";
export const isError = (message: ServerMessage): message is Extract<ServerMessage, { t: "error" }> => message.t === "error";
export const isEnding = (message: ServerMessage): message is Ending => message.t === "result" || message.t === "error" || message.t === "cancelled";

/** The error a request ended with; "" when it did not. */
export function codeOf({ end }: Answer): string {
  return end.t === "error" ? end.error.code : end.t === "cancelled" ? "cancelled" : "";
}

/** The value of a result that has the member given. @throws internal when the request ended otherwise */
export function valueOf(answer: Answer): Schema<"Result">["value"] {
  if (answer.end.t === "result") return answer.end.value;
  throw MaskletError.of("internal", { why: `ended in ${JSON.stringify(answer.end)}` });
}

export function openedOf(answer: Answer): Schema<"VolumeOpenResult"> {
  const value = valueOf(answer);
  if ("session" in value) return value;
  throw MaskletError.of("internal", { why: "not the result of volume.open" });
}

export function seqOf(answer: Answer): number {
  const value = valueOf(answer);
  if ("seq" in value) return value.seq;
  throw MaskletError.of("internal", { why: "not the result of an edit" });
}
