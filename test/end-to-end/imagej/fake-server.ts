// A live server without a network inside: an object is what lies above the middle of the display range. Quick and exact, and
// it can misbehave on request, which the real server must not. It checks every frame of the client against openapi.yaml.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { MaskletError, asMaskletError } from "#protocol/errors.ts";
import { decodeClientFrame, encodeFrame } from "#protocol/frame.ts";
import { limits } from "#protocol/limits.ts";
import type { Along, ClientMessage, Declaration, End, Job, Mask, Plane, ServerMessage } from "#protocol/types.ts";
import { fakeClassical, fakePlane, firstMasks, recipes, type ClassicalRun } from "./fake-classical.ts";
import { measurementsOf, measuresOf } from "./fake-results.ts";
import { brightObjects, joinedMasks, madeUpDisagreements, partedMasks } from "./fake-objects.ts";
import { extentOf, growBox, isWithin, maskInBox, maskKey, toPlane, type FakePlane } from "./fake-segmentation.ts";
import { describe, describeVolume, modelOf, models, next, now, promptsOf, threshold, type FakeVolume, type Session } from "./fake-session.ts";

export interface FakeOptions {
  readonly token?: string;
  /** Between two planes of a propagation. */
  readonly planeDelayMs?: number;
  /** What is told of the masks that a propagation finds, by the index of their plane. */
  readonly doubts?: Readonly<Record<number, Pick<Mask, "score" | "warnings">>>;
  /** Before a preview of a prompt is answered. */
  readonly previewDelayMs?: number;
  /** cut: the socket ends after three masks; garbage: bytes that are no message; mute: cancel is not answered. */
  readonly fault?: "cut" | "garbage" | "mute";
  /** Told of every message, as its type, and of every HTTP request, as "GET" or "PUT", before it is answered; false leaves it unanswered. */
  readonly hear?: (what: string) => boolean | void;
  /** The protocol it speaks, else ours. */
  readonly protocol?: number;
}

export interface FakeServer {
  readonly url: string;
  /** Types of the messages that came, in order. */
  readonly seen: string[];
  readonly declarations: Declaration[];
  readonly sets: PromptSet[];
  readonly propagations: Propagate[];
  readonly puts: PromptsPut[];
  readonly classicals: ClassicalRun[];
  /** Planes that came, and by which way. */
  readonly planes: { readonly way: "slice.put" | "PUT"; readonly bytes: number }[];
  stop(): Promise<void>;
}

type Propagate = Extract<ClientMessage, { t: "propagate" }>;
type PromptSet = Extract<ClientMessage, { t: "prompt.set" }>;
type PromptsPut = Extract<ClientMessage, { t: "prompts.put" }>;
type Request = Exclude<ClientMessage, { t: "slice.put" } | { t: "cancel" }>;

export async function startFakeServer(options: FakeOptions = {}): Promise<FakeServer> {
  const seen: string[] = [];
  const declarations: Declaration[] = [];
  const propagations: Propagate[] = [];
  const sets: PromptSet[] = [];
  const puts: PromptsPut[] = [];
  const classicals: ClassicalRun[] = [];
  const planes: { way: "slice.put" | "PUT"; bytes: number }[] = [];
  const volumes = new Map<string, FakeVolume>();
  const sessions = new Map<string, Session>();
  const polls = new Map<string, number>();
  const http = createServer(answerHttp);
  const live = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: limits.maxFrameBytes });

  http.on("upgrade", (request, socket, head) => {
    if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`) {
      const fault = MaskletError.of(request.headers.authorization === undefined ? "token_missing" : "token_wrong", {}).toFault();
      const body = JSON.stringify({ type: "about:blank", title: fault.code, status: 401, detail: fault.message, ...fault });
      socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
      return;
    }
    live.handleUpgrade(request, socket, head, (connection) => serve(connection));
  });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  const address = http.address();
  if (address === null || typeof address === "string") throw MaskletError.of("internal", { why: "the fake server has no port" });

  return {
    url: `ws://127.0.0.1:${address.port}`, seen, declarations, sets, propagations, puts, classicals, planes,
    stop: async () => {
      for (const connection of live.clients) connection.terminate();
      http.closeAllConnections();
      await new Promise((closed) => http.close(closed));
    },
  };

  function serve(connection: WebSocket): void {
    const running = new Map<number, AbortController>();
    connection.on("message", (data: Buffer) => {
      const message = decodeClientFrame(new Uint8Array(data));
      seen.push(message.t);
      if (options.hear?.(message.t) === false) return;
      if (message.t === "cancel") {
        if (options.fault !== "mute") running.get(message.id)?.abort();
      } else if (message.t === "slice.put") store(volumes.get(message.volumeId), message.plane, message.data, "slice.put");
      else {
        const stop = new AbortController();
        running.set(message.id, stop);
        void answer(connection, message, stop.signal).finally(() => running.delete(message.id));
      }
    });
  }

  async function answer(connection: WebSocket, message: Request, signal: AbortSignal): Promise<void> {
    const send = (reply: ServerMessage): void => connection.send(encodeFrame(reply));
    const { id } = message;
    try {
      switch (message.t) {
        case "hello":
          if (options.protocol !== undefined) throw MaskletError.of("protocol_mismatch", { client: message.protocol, server: options.protocol });
          return send({ t: "result", id, value: { protocol: 1, server: "fake", limits, models } });
        case "volume.open": {
          if (message.volume === undefined) throw MaskletError.of("request_invalid", { what: "volume.open", at: "/volume", why: "the fake opens declared volumes only" });
          const opened = open(message.volume);
          await pull(connection, opened.session.volume, { t: 0, c: 0, z: 0 });
          const volume = { volumeId: opened.session.volume.id, name: message.volume.name, shape: message.volume.shape, dtype: message.volume.dtype };
          return send({ t: "result", id, value: { volume, session: describe(opened.session), resumed: opened.resumed } });
        }
        case "prompt.set": {
          sets.push(message);
          const session = find(message.sessionId);
          const { cut } = message;
          const model = modelOf(message.model);
          if (message.preview === true && options.previewDelayMs !== undefined) await new Promise((later) => setTimeout(later, options.previewDelayMs));
          if (signal.aborted) return send({ t: "cancelled", id });
          const plane = await pull(connection, session.volume, { t: cut.t ?? 0, c: cut.c ?? 0, z: cut.index });
          const mask = maskInBox(plane, threshold(session), extentOf(message, plane), { objectId: message.objectId, index: cut.index, t: cut.t ?? 0 });
          if (message.preview !== true) {
            const state = next(session, "prompt.set");
            state.prompts.set(`${message.objectId}/${cut.index}/${cut.t ?? 0}`, { objectId: message.objectId, cut, parts: message });
            state.masks.set(maskKey(mask), mask);
          }
          send({ t: "mask", id, mask });
          return send({ t: "result", id, value: { seq: session.seq, score: mask.score, model } });
        }
        case "prompts.put":
          return await putPrompts(connection, send, message, signal);
        case "object.remove": {
          const session = find(message.sessionId);
          const state = next(session, "object.remove");
          for (const [key, prompt] of state.prompts) if (prompt.objectId === message.objectId) state.prompts.delete(key);
          for (const [key, mask] of state.masks) if (mask.objectId === message.objectId) state.masks.delete(key);
          return send({ t: "result", id, value: { seq: session.seq } });
        }
        case "undo":
        case "redo": {
          const session = find(message.sessionId);
          const to = session.at + (message.t === "undo" ? -1 : 1);
          if (session.states[to] === undefined) throw MaskletError.of("nothing_to_undo", { what: message.t });
          const undone = session.states[Math.max(to, session.at)]?.kind ?? "";
          session.at = to;
          session.seq++;
          return send({ t: "result", id, value: { seq: session.seq, undone } });
        }
        case "labels.get": {
          const session = find(message.sessionId);
          const masks = [...now(session).masks.values()].filter((mask) => message.objects?.includes(mask.objectId) ?? true);
          if (message.as !== "planes") return send({ t: "result", id, value: { masks: masks.length, data: await measurementsOf(masks, session.volume.declared), mediaType: "text/csv" } });
          for (const mask of masks) send({ t: "mask", id, mask });
          return send({ t: "result", id, value: { masks: masks.length } });
        }
        case "propagate":
          return await propagate(connection, send, message, signal);
        case "automask":
        case "automask.stack":
          return await automask(connection, send, message, signal);
        case "combine":
        case "split":
          return remake(send, message);
        case "recipes.list":
          return send({ t: "result", id, value: { recipes } });
        case "classical.run":
          return await classical(connection, send, message, signal);
        case "measure": {
          if (message.sessionId === undefined) throw MaskletError.of("request_invalid", { what: message.t, at: "/sessionId", why: "the fake measures sessions only" });
          const session = find(message.sessionId);
          const masks = [...now(session).masks.values()].filter((mask) => message.objects?.includes(mask.objectId) ?? true);
          if (masks.length === 0) throw MaskletError.of("export_empty", {});
          return send({ t: "result", id, value: await measuresOf(masks, session.volume.declared, message) });
        }
        case "evaluate":
        case "prompt.remove":
          throw MaskletError.of("request_invalid", { what: message.t, at: "/t", why: "the client under test has no such command" });
      }
    } catch (fault) {
      send({ t: "error", id, error: asMaskletError(fault).toFault() });
    }
  }

  /** With segment each mask is one step: the pause and a cancel come before it. */
  async function putPrompts(connection: WebSocket, send: (reply: ServerMessage) => void, message: PromptsPut, signal: AbortSignal): Promise<void> {
    puts.push(message);
    const session = find(message.sessionId);
    const model = message.segment === true ? modelOf(message.model) : undefined;
    const state = next(session, "prompts.put");
    const ids = message.objects.map((object) => object.objectId);
    for (const [key, prompt] of state.prompts) if (ids.includes(prompt.objectId)) state.prompts.delete(key);
    const all = message.objects.flatMap(({ objectId, prompts }) => prompts.map(({ cut, ...parts }) => ({ objectId, cut, parts })));
    for (const prompt of all) state.prompts.set(`${prompt.objectId}/${prompt.cut.index}/${prompt.cut.t ?? 0}`, prompt);
    for (const [at, { objectId, cut, parts }] of message.segment === true ? all.entries() : []) {
      if (options.planeDelayMs !== undefined) await new Promise((later) => setTimeout(later, options.planeDelayMs));
      if (signal.aborted) return send({ t: "cancelled", id: message.id, seq: session.seq });
      const plane = await pull(connection, session.volume, { t: cut.t ?? 0, c: cut.c ?? 0, z: cut.index });
      const mask = maskInBox(plane, threshold(session), extentOf(parts, plane), { objectId, index: cut.index, t: cut.t ?? 0 });
      state.masks.set(maskKey(mask), mask);
      send({ t: "mask", id: message.id, mask });
      send({ t: "progress", id: message.id, progress: { done: at + 1, total: all.length, unit: "planes" } });
    }
    send({ t: "result", id: message.id, value: { seq: session.seq, ...(model === undefined ? {} : { model }) } });
  }

  async function propagate(connection: WebSocket, send: (reply: ServerMessage) => void, message: Propagate, signal: AbortSignal): Promise<void> {
    propagations.push(message);
    const session = find(message.sessionId);
    const along: Along = message.along ?? "z";
    const model = modelOf(message.model);
    const size = along === "t" ? session.volume.declared.shape.t : session.volume.declared.shape.z;
    const range = message.range ?? { start: 0, end: size };
    const prompts = [...now(session).prompts.values()].filter((prompt) => message.objects?.includes(prompt.objectId) ?? true);
    if (prompts.length === 0) throw MaskletError.of("nothing_prompted", {});
    if (size === 1) throw MaskletError.of("axis_unsupported", { axis: along, why: `the volume has one plane along ${along}` });
    if (along === "y" || along === "x") throw MaskletError.of("prompt_off_axis", { objectId: prompts[0]!.objectId, axis: along, along });
    const state = next(session, "propagate");
    const ends: End[] = [];
    let found = 0;
    for (const { objectId, cut, parts } of prompts) {
      const key = maskKey({ objectId, axis: "z", index: cut.index, t: cut.t ?? 0 });
      if (!state.masks.has(key)) { // prompts that were put without a look
        const plane = await pull(connection, session.volume, { t: cut.t ?? 0, c: cut.c ?? 0, z: cut.index });
        const mask = maskInBox(plane, threshold(session), extentOf(parts, plane), { objectId, index: cut.index, t: cut.t ?? 0 });
        state.masks.set(key, mask);
        send({ t: "mask", id: message.id, mask });
      }
      for (const direction of ["forward", "backward"] as const) {
        if (message.direction !== undefined && message.direction !== "both" && message.direction !== direction) continue;
        const origin = along === "t" ? (cut.t ?? 0) : cut.index;
        const step = direction === "forward" ? 1 : -1;
        let before = state.masks.get(key)!.box;
        let index = origin + step;
        for (; index >= range.start && index < range.end; index += step) {
          if (options.planeDelayMs !== undefined) await new Promise((later) => setTimeout(later, options.planeDelayMs));
          if (signal.aborted) return send({ t: "cancelled", id: message.id, seq: session.seq });
          const at = along === "t" ? { t: index, z: cut.index } : { t: cut.t ?? 0, z: index };
          const plane = await pull(connection, session.volume, { ...at, c: cut.c ?? 0 });
          const mask = { ...maskInBox(plane, threshold(session), growBox(before, 3, plane), { objectId, index: at.z, t: at.t }), ...options.doubts?.[at.z] };
          if (mask.area === 0) break;
          before = mask.box;
          state.masks.set(maskKey(mask), mask);
          send({ t: "mask", id: message.id, mask });
          send({ t: "progress", id: message.id, progress: { done: ++found, total: size * prompts.length, unit: "planes" } });
          if (options.fault === "cut" && found === 3) return connection.terminate();
          if (options.fault === "garbage" && found === 3) return connection.send(new Uint8Array([0xc1, 0xff, 0x00]));
        }
        ends.push({ objectId, direction, index: index - step, reason: isWithin(index, range) ? "empty" : "volume-edge" });
      }
    }
    send({ t: "result", id: message.id, value: { seq: session.seq, planes: found, ends, model } });
  }

  /** Each object is one step: the pause, a cancel and the progress come between objects. */
  async function automask(connection: WebSocket, send: (reply: ServerMessage) => void, message: Extract<Request, { t: "automask" | "automask.stack" }>, signal: AbortSignal): Promise<void> {
    const session = find(message.sessionId);
    const model = modelOf(message.model);
    const { shape } = session.volume.declared;
    const cut = message.t === "automask" ? message.cut : undefined;
    const range = message.t === "automask" ? { start: message.cut.index, end: message.cut.index + 1 } : message.range ?? { start: 0, end: shape.z };
    const at = message.t === "automask" ? { t: message.cut.t ?? 0, c: message.cut.c ?? 0 } : { t: message.frame ?? 0, c: message.c ?? 0 };
    const planes = new Map<number, FakePlane>();
    for (let z = range.start; z < range.end; z++) planes.set(z, await pull(connection, session.volume, { ...at, z }));
    const firstId = 1 + Math.max(0, ...[...now(session).prompts.values()].map((prompt) => prompt.objectId));
    const found = brightObjects(planes, threshold(session), message.region, firstId, at.t);
    const objects = [...new Set(found.map((mask) => mask.objectId))];
    const state = next(session, message.t);
    let done = 0;
    for (const objectId of objects) {
      if (options.planeDelayMs !== undefined) await new Promise((later) => setTimeout(later, options.planeDelayMs));
      if (signal.aborted) return send({ t: "cancelled", id: message.id, seq: session.seq });
      for (const mask of found.filter((each) => each.objectId === objectId)) {
        state.masks.set(maskKey(mask), mask);
        const held = { objectId, cut: cut ?? { axis: mask.axis, index: mask.index, ...at }, parts: { mask: { box: mask.box, bits: mask.bits } } };
        if (![...state.prompts.values()].some((prompt) => prompt.objectId === objectId)) state.prompts.set(`${objectId}/${mask.index}/${mask.t}`, held);
        send({ t: "mask", id: message.id, mask });
      }
      send({ t: "progress", id: message.id, progress: { done: ++done, total: objects.length, unit: "objects" } });
    }
    send({ t: "result", id: message.id, value: { seq: session.seq, objects, model } });
  }

  async function classical(connection: WebSocket, send: (reply: ServerMessage) => void, message: ClassicalRun, signal: AbortSignal): Promise<void> {
    classicals.push(message);
    const session = find(message.sessionId);
    const { preview, frame = 0 } = message;
    const range = preview === undefined ? message.region?.z ?? { start: 0, end: session.volume.declared.shape.z } : { start: preview.index, end: preview.index + 1 };
    const planes = new Map<number, FakePlane>();
    for (let z = range.start; z < range.end; z++) {
      if (options.planeDelayMs !== undefined) await new Promise((later) => setTimeout(later, options.planeDelayMs));
      if (signal.aborted) return send({ t: "cancelled", id: message.id });
      planes.set(z, await pull(connection, session.volume, { t: frame, c: message.c ?? 0, z }));
      send({ t: "progress", id: message.id, progress: { done: planes.size, total: range.end - range.start, unit: "voxels", step: "denoise" } });
    }
    const { masks, ...found } = fakeClassical(message, planes, threshold(session), [...now(session).masks.values()]);
    if (preview === undefined) {
      const state = next(session, "classical");
      const gone = [...message.within ?? [], ...message.seeds ?? []];
      for (const [key, mask] of state.masks) if (gone.includes(mask.objectId)) state.masks.delete(key);
      for (const mask of masks) state.masks.set(maskKey(mask), mask);
      for (const { objectId, index, t, box, bits } of firstMasks(masks)) state.prompts.set(`${objectId}/${index}/${t}`, { objectId, cut: { axis: "z", index, t }, parts: { mask: { box, bits } } });
    }
    for (const mask of masks) send({ t: "mask", id: message.id, mask });
    const plane = preview?.step === undefined ? {} : { plane: fakePlane(preview.step, planes.get(preview.index)!, masks) };
    send({ t: "result", id: message.id, value: { seq: session.seq, ...found, ...plane } });
  }

  function remake(send: (reply: ServerMessage) => void, message: Extract<Request, { t: "combine" | "split" }>): void {
    const session = find(message.sessionId);
    const known = [...new Set([...now(session).masks.values()].map((mask) => mask.objectId))].sort((a, b) => a - b);
    const wanted = message.t === "split" ? [message.objectId] : message.objects ?? known;
    const missing = wanted.find((objectId) => !known.includes(objectId));
    if (missing !== undefined) throw MaskletError.of("object_unknown", { objectId: missing });
    const before = [...now(session).masks.values()].filter((mask) => wanted.includes(mask.objectId));
    const directions = message.t === "combine" && message.how === "directions";
    const masks = message.t === "split" ? partedMasks(before, message.seeds, known.at(-1)! + 1)
      : directions ? before : joinedMasks(before, wanted, { width: session.volume.declared.shape.x, height: session.volume.declared.shape.y });
    const model = directions ? modelOf(message.model) : undefined;
    const state = next(session, message.t);
    for (const mask of before) state.masks.delete(maskKey(mask));
    for (const [key, prompt] of state.prompts) if (wanted.includes(prompt.objectId)) state.prompts.delete(key);
    const objects = [...new Set(masks.map((mask) => mask.objectId))];
    for (const mask of masks) {
      state.masks.set(maskKey(mask), mask);
      state.prompts.set(`${mask.objectId}/${mask.index}/${mask.t}`, { objectId: mask.objectId, cut: { axis: "z", index: mask.index, t: mask.t }, parts: { mask: { box: mask.box, bits: mask.bits } } });
      send({ t: "mask", id: message.id, mask });
    }
    send({ t: "result", id: message.id, value: { seq: session.seq, objects, ...(directions ? { disagreements: madeUpDisagreements(masks) } : {}), ...(model === undefined ? {} : { model }) } });
  }

  function open(declared: Declaration): { session: Session; resumed: boolean } {
    declarations.push(declared);
    const known = [...sessions.values()].find((session) => session.volume.declared.identity === declared.identity);
    if (known !== undefined) return { session: known, resumed: true };
    const number = String(sessions.size).padStart(6, "0");
    const volume: FakeVolume = { id: `vol-${number}`, declared, planes: new Map(), waiting: new Map() };
    volumes.set(volume.id, volume);
    const session: Session = { id: `ses-${number}`, volume, states: [{ prompts: new Map(), masks: new Map(), kind: "" }], at: 0, seq: 0 };
    sessions.set(session.id, session);
    return { session, resumed: false };
  }

  async function pull(connection: WebSocket, volume: FakeVolume, plane: Plane): Promise<FakePlane> {
    const key = `${plane.t}/${plane.c}/${plane.z}`;
    if (!volume.planes.has(key)) {
      const came = new Promise<void>((done) => volume.waiting.set(key, done));
      connection.send(encodeFrame({ t: "need", volumeId: volume.id, planes: [plane], creditBytes: limits.creditBytes }));
      await came;
    }
    return volume.planes.get(key)!;
  }

  function store(volume: FakeVolume | undefined, plane: Plane, data: Uint8Array | string, way: "slice.put" | "PUT"): void {
    if (volume === undefined || typeof data === "string") throw MaskletError.of("pixels_unexpected", { plane: JSON.stringify(plane), why: "no such volume" });
    const key = `${plane.t}/${plane.c}/${plane.z}`;
    planes.push({ way, bytes: data.length });
    volume.planes.set(key, toPlane(volume.declared, key, data));
    volume.waiting.get(key)?.();
  }

  function answerHttp(request: IncomingMessage, response: ServerResponse): void {
    const [, , kind, id, what, t, c, z] = (request.url ?? "").split("/");
    if (options.hear?.(request.method ?? "") === false) return;
    if (request.method === "PUT" && what === "planes") {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part)).on("end", () => {
        store(volumes.get(id ?? ""), { t: Number(t), c: Number(c), z: Number(z) }, new Uint8Array(Buffer.concat(parts)), "PUT");
        response.writeHead(204).end();
      });
      return;
    }
    const told = kind === "jobs" ? jobOf(id ?? "") : kind === "volumes" ? describeVolume(volumes.get(id ?? "")) : undefined;
    if (told !== undefined) return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(told));
    const session = kind === "sessions" ? sessions.get(id ?? "") : undefined;
    if (session === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(what === "prompts" ? promptsOf(session) : describe(session)));
  }

  /** A job of the session of the same number, which has ended when it is asked about for the third time. */
  function jobOf(id: string): Job {
    const asked = (polls.get(id) ?? 0) + 1;
    polls.set(id, asked);
    return { id, operation: "propagate", sessionId: id.replace("job", "ses"), state: asked < 3 || id === "job-forever" ? "running" : "done", progress: { done: asked, total: 3, unit: "planes" } };
  }

  function find(sessionId: string): Session {
    const session = sessions.get(sessionId);
    if (session === undefined) throw MaskletError.of("not_found", { what: "session", id: sessionId });
    return session;
  }
}
