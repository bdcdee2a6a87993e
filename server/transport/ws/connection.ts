// One live connection: hello, then requests side by side, each of which ends exactly once.
import { randomBytes } from "node:crypto";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import { decodeClientFrame, requestIdOf } from "#protocol/frame.ts";
import { limits } from "#protocol/limits.ts";
import { protocolVersion } from "#protocol/message.ts";
import type { ClientMessage, Mask, Schema, Shape } from "#protocol/types.ts";
import { promptsFromMessage } from "#server/operations.ts";
import type { Author, OperationContext, Operations } from "#server/operations.ts";
import type { Gate } from "../gate.ts";
import { paramsOf } from "../params-of.ts";
import { createOutbox } from "./outbox.ts";
import type { Outbox, Wire } from "./outbox.ts";

type Request = Exclude<ClientMessage, { t: "cancel" | "slice.put" | "hello" }>;
type Value = Schema<"Result">["value"];

export interface ConnectionParts {
  readonly operations: Operations;
  readonly gate: Gate;
  /** The token came with the request that opened the socket. */
  readonly tokenSeen: boolean;
  readonly server: string;
  readonly onFault: (error: MaskletError) => void;
  /** Closes the socket after what was sent. */
  readonly hangUp: (why: string) => void;
}

export interface Connection {
  onFrame(frame: Uint8Array): void;
  /** A text frame, which no client of ours sends. */
  onText(): void;
  /** The client has gone: its requests are cancelled, what arrived is kept. */
  onClose(): Promise<void>;
}

/** Throws nothing: every fault is told to the client, and those of ours to `onFault`. */
export function openConnection(wire: Wire, parts: ConnectionParts): Connection {
  const { operations, gate, onFault, hangUp } = parts;
  const outbox = createOutbox(wire);
  const connectionId = randomBytes(8).toString("hex");
  const pending = new Map<number, AbortController>();
  const leaving: (() => void | Promise<void>)[] = [];
  const watched = new Set<string>();
  const supplied = new Set<string>();
  /** Of the volumes opened here, for ROIs, which count slices in the image's own way. */
  const shapes = new Map<string, Shape>();
  const self: { hello: Schema<"Hello"> | undefined; closed: boolean } = { hello: undefined, closed: false };

  const fault = (id: number, thrown: unknown): void => {
    const error = asMaskletError(thrown);
    if (error.status >= 500) onFault(error);
    outbox.send({ t: "error", id, error: error.toFault() });
  };

  const author = (): Author => ({ id: connectionId, name: self.hello?.client ?? "live" });

  const greet = async (hello: Schema<"Hello">): Promise<void> => {
    try {
      if (self.hello !== undefined) throw MaskletError.of("request_invalid", { what: "Hello", at: "/t", why: "this connection has said hello already" });
      if (hello.protocol !== protocolVersion) throw MaskletError.of("protocol_mismatch", { client: hello.protocol, server: protocolVersion });
      if (!parts.tokenSeen) gate.checkHelloToken(hello.token);
      self.hello = hello;
      clearTimeout(noHello);
      const models = await operations["models.list"]();
      outbox.send({ t: "result", id: hello.id, value: { protocol: protocolVersion, server: parts.server, limits: { ...limits }, models } });
    } catch (thrown) {
      fault(hello.id, thrown);
      if (asMaskletError(thrown).status === 401) hangUp("token");
    }
  };

  const shapeOf = async (sessionId: string): Promise<Shape> => {
    const known = shapes.get(sessionId);
    if (known !== undefined) return known;
    const { shape } = await operations["volume.get"]((await operations["session.get"](sessionId)).volumeId);
    shapes.set(sessionId, shape);
    return shape;
  };

  const asAsked = async (mask: Mask, sessionId: string): Promise<Mask> => {
    const form = self.hello?.masks ?? "bits";
    return form === "bits" ? mask : operations["mask.as"](mask, form, { sessionId, shape: await shapeOf(sessionId) });
  };

  /** A client may have gone while this was being prepared. */
  const onLeave = (leave: () => void | Promise<void>): void => {
    leaving.push(leave);
    if (self.closed) void leaveAll().catch((thrown: unknown) => onFault(asMaskletError(thrown)));
  };

  const leaveAll = async (): Promise<void> => {
    for (let leave = leaving.pop(); leave !== undefined; leave = leaving.pop()) await leave();
  };

  const opened = async ({ volume, session }: Schema<"VolumeOpenResult">, holdsPixels: boolean): Promise<void> => {
    const { volumeId } = volume;
    shapes.set(session.sessionId, volume.shape);
    if (!watched.has(session.sessionId)) {
      watched.add(session.sessionId);
      onLeave(await operations.watchSession(session.sessionId, ({ changed, author: by }) => {
        if (by.id !== connectionId) outbox.send({ t: "changed", ...changed });
      }));
    }
    if (!holdsPixels || supplied.has(volumeId)) return;
    supplied.add(volumeId);
    onLeave(await operations.supply(volumeId, (planes) => outbox.send({ t: "need", volumeId, planes: [...planes], creditBytes: limits.creditBytes })));
  };

  const run = async (request: Request, context: OperationContext): Promise<Value> => {
    switch (request.t) {
      case "volume.open": {
        const result = await operations["volume.open"](paramsOf(request), context);
        await opened(result, request.volume !== undefined);
        return result;
      }
      case "prompt.set": {
        const result = await operations["prompt.set"](paramsOf(request), context);
        if (result.candidates === undefined) return result;
        return { ...result, candidates: await Promise.all(result.candidates.map((mask) => asAsked(mask, request.sessionId))) };
      }
      case "prompts.put": return operations["prompts.put"](promptsFromMessage(paramsOf(request)), context);
      case "prompt.remove": return operations["prompt.remove"](paramsOf(request), context);
      case "object.remove": return operations["object.remove"](paramsOf(request), context);
      case "undo": return operations.undo(paramsOf(request), context);
      case "redo": return operations.redo(paramsOf(request), context);
      case "propagate": return operations.propagate(paramsOf(request), context);
      case "automask": return operations.automask(paramsOf(request), context);
      case "automask.stack": return operations["automask.stack"](paramsOf(request), context);
      case "combine": return operations.combine(paramsOf(request), context);
      case "split": return operations.split(paramsOf(request), context);
      case "classical.run": return operations["classical.run"](paramsOf(request), context);
      case "recipes.list": return operations["recipes.list"]();
      case "measure": return operations.measure(paramsOf(request), context);
      case "evaluate": return operations.evaluate(paramsOf(request), context);
      case "labels.get": return operations["labels.get"](paramsOf(request), context);
    }
  };

  const answer = async (request: Request): Promise<void> => {
    const { id } = request;
    if (pending.has(id)) return fault(0, MaskletError.of("id_in_use", { id }));
    if (pending.size >= limits.maxPending) return fault(id, MaskletError.of("too_many", { what: "requests", limit: limits.maxPending, limitName: "maxPending" }));
    const abort = new AbortController();
    pending.set(id, abort);
    const context: OperationContext = {
      author: author(),
      signal: abort.signal,
      onProgress: (progress) => outbox.progress(id, progress),
      onMask: async (mask) => outbox.sendPaced({ t: "mask", id, mask: "sessionId" in request && request.sessionId !== undefined ? await asAsked(mask, request.sessionId) : mask }, abort.signal),
    };
    // Free before its end is sent: a client may use the id again as soon as it reads the end.
    try {
      const value = await run(request, context);
      finish(id, outbox);
      outbox.send({ t: "result", id, value });
    } catch (thrown) {
      finish(id, outbox);
      const error = asMaskletError(thrown);
      if (error.code !== "cancelled") fault(id, error);
      else outbox.send({ t: "cancelled", id, ...(typeof error.details["seq"] === "number" ? { seq: error.details["seq"] } : {}) });
    }
  };

  const finish = (id: number, out: Outbox): void => {
    pending.delete(id);
    out.endProgress(id);
  };

  const receive = (frame: Uint8Array): void => {
    const message = decodeClientFrame(frame);
    if (message.t === "hello") return void greet(message);
    if (self.hello === undefined) throw MaskletError.of("hello_first", {});
    if (message.t === "cancel") return pending.get(message.id)?.abort();
    if (message.t === "slice.put") return void operations["plane.put"](message.volumeId, message.plane, message.data, true).catch((thrown: unknown) => fault(0, thrown));
    void answer(message);
  };

  const noHello = setTimeout(() => {
    fault(0, MaskletError.of("hello_first", {}));
    hangUp("no hello");
  }, limits.helloTimeoutMs);

  return {
    onFrame: (frame) => {
      try {
        receive(frame);
      } catch (thrown) {
        const id = requestIdOf(frame);
        // A request still running under this id will have its own end; this fault must not look like it.
        fault(pending.has(id) ? 0 : id, thrown);
      }
    },
    onText: () => fault(0, MaskletError.of("frame_invalid", { why: "it is a text frame" })),
    onClose: async () => {
      if (self.closed) return;
      self.closed = true;
      clearTimeout(noHello);
      outbox.close();
      for (const abort of pending.values()) abort.abort();
      await leaveAll();
    },
  };
}
