// What the QuPath SAM extension sends, in TypeScript: its JSON, its pictures, its uploads; and pictures worth sending.
import { request as httpRequest } from "node:http";
import { encode as encodePng } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";

/** JSON as it comes; a member that is not there reads as undefined and fails the comparison. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** Undefined where the answer is no JSON. */
  readonly json: Json;
}

/** As Gson writes it with its escaping of HTML on: so the padding of base64 is no equals sign. */
export function gson(value: unknown): string {
  return JSON.stringify(value).replaceAll("=", "\\u003d").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026").replaceAll("'", "\\u0027");
}

/** On a connection of its own, as the extension does it. @param body a text goes as it is, anything else as its JSON */
export async function ask(base: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const json = { Accept: "application/json", "Content-Type": "application/json; charset=utf-8" };
  const sent = body === undefined ? {} : { body: typeof body === "string" || body instanceof FormData ? body : gson(body) };
  const response = await fetch(`${base}${path}`, { method, headers: { Connection: "close", ...(body === undefined || body instanceof FormData ? {} : json), ...headers }, ...sent });
  const text = await response.text();
  const type = response.headers.get("Content-Type") ?? "";
  return { status: response.status, type, text, json: type.startsWith("application/json") ? JSON.parse(text) : undefined };
}

export function upload(base: string, dirname: string, filename: string, bytes: Uint8Array): Promise<Reply> {
  const form = new FormData();
  form.append("dirname", dirname);
  form.append("file", new Blob([new Uint8Array(bytes)], { type: "image/jpeg" }), filename);
  return ask(base, "POST", "upload/", form);
}

/** A GET as Apache's HTTP client 5.4 sends it, which `fetch` would not. */
export function askOfferingTls(base: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${base}${path}`, { agent: false, headers: { Connection: "Upgrade", Upgrade: "TLS/1.2" } }, (response) => {
      let text = "";
      response.on("data", (piece) => { text += piece; });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("upgrade", (_response, socket) => {
      socket.destroy();
      reject(new Error("the connection was upgraded"));
    });
    sent.on("error", reject);
    sent.end();
  });
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of a pixel. */
  readonly at: (x: number, y: number) => readonly [number, number, number];
}

/** A bright disc, or with a hole a ring, on a dark ground with some noise. */
export function disc(width: number, height: number, { x, y, radius, hole = 0, seed = 1 }: { x: number; y: number; radius: number; hole?: number; seed?: number }): Picture {
  return {
    width, height,
    at: (px, py) => {
      const away = Math.hypot(px + 0.5 - x, py + 0.5 - y);
      // Repeatable and without a pattern: a hash of the place.
      const noise = (Math.imul(px * 7919 + py * 104_729 + seed * 31, 2_654_435_761) >>> 28) - 8;
      const level = (away < radius && away >= hole ? 190 : 60) + noise;
      return [level, level, level];
    },
  };
}

/** Samples a pixel: 1 grey, 2 with alpha, 3 colours, 4 with alpha. */
export function png({ width, height, at }: Picture, samples: 1 | 2 | 3 | 4 = 3, depth: 8 | 16 = 8): Uint8Array {
  const most = depth === 16 ? 65_535 : 255;
  const data = depth === 16 ? new Uint16Array(width * height * samples) : new Uint8Array(width * height * samples);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const colours = at(pixel % width, Math.floor(pixel / width)).map((level) => (depth === 16 ? level * 257 : level));
    const values = samples === 1 ? [colours[0]!] : samples === 2 ? [colours[0]!, most] : samples === 3 ? colours : [...colours, most];
    data.set(values, pixel * samples);
  }
  return encodePng({ width, height, data, channels: samples, depth });
}

export function jpeg({ width, height, at }: Picture): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) data.set([...at(pixel % width, Math.floor(pixel / width)), 255], pixel * 4);
  return encodeJpeg({ width, height, data }, 90).data;
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

interface Geometry {
  readonly type: string;
  readonly coordinates: Json;
}

/** The polygons of a feature, rings closed and in whole pixel corners, shell first. */
export function polygonsOf(feature: Json): [number, number][][][] {
  const geometry: Geometry = feature.geometry;
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

/** By the shoelace formula: shells count, holes are taken off. */
export function areaOf(feature: Json): number {
  return polygonsOf(feature).flatMap((rings) => rings.map((ring, nth) => (nth === 0 ? 1 : -1) * Math.abs(ring.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0) / 2))).reduce((sum, area) => sum + area, 0);
}

/** Whether each pixel's centre lies inside, by the even-odd rule. */
export function pixelsOf(feature: Json, width: number, height: number): Uint8Array {
  const inside = new Uint8Array(width * height);
  for (const ring of polygonsOf(feature).flat()) {
    for (let at = 0; at + 1 < ring.length; at++) {
      const [[x0, y0], [x1, y1]] = [ring[at]!, ring[at + 1]!];
      for (let y = Math.ceil(Math.min(y0, y1) - 0.5); y + 0.5 < Math.max(y0, y1); y++) {
        const crossing = x0 + ((y + 0.5 - y0) / (y1 - y0)) * (x1 - x0);
        for (let x = Math.max(0, Math.ceil(crossing - 0.5)); x < width; x++) inside[y * width + x]! ^= 1;
      }
    }
  }
  return inside;
}

/** Twice the pixels of both over those of each. */
export function dice(found: Uint8Array, truth: (x: number, y: number) => boolean, width: number): number {
  let [both, all] = [0, 0];
  found.forEach((value, at) => {
    const true_ = truth(at % width, Math.floor(at / width));
    all += value + Number(true_);
    both += value & Number(true_);
  });
  return (2 * both) / all;
}
