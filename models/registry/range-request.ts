// What is asked of a web server for the rest of a file, and what its answer means.
import { mayFollow } from "./web-address.ts";

/** Tells one state of a file at an address from another. */
export interface FileVersion {
  /** Strong validators only: a weak one does not promise equal bytes. */
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  readonly totalBytes?: number | undefined;
}

/** What to do with a response. */
export type BodyPlan =
  /** Its body begins at byte `start` of the file. */
  | { readonly kind: "body"; readonly start: number; readonly version: FileVersion }
  /** Everything is there already. */
  | { readonly kind: "whole" }
  /** @param anew what is there belongs to another version */
  | { readonly kind: "again"; readonly why: string; readonly anew: boolean }
  | { readonly kind: "refused"; readonly why: string };

const MOST_REDIRECTS = 5;

export function rangeHeaders(have: number, version: FileVersion | undefined): Record<string, string> {
  // Compressed on the way, positions would count other bytes.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (have === 0) return headers;
  headers["range"] = `bytes=${have}-`;
  const validator = version?.etag ?? version?.lastModified;
  if (validator !== undefined) headers["if-range"] = validator;
  return headers;
}

/** Follows redirects by hand, so that none leads from https to http. @returns words where it will not be followed. @throws what fetch throws */
export async function openAddress(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response | string> {
  let at = url;
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(at, { headers, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    if (redirects === MOST_REDIRECTS) return `it is sent on more than ${MOST_REDIRECTS} times`;
    const next = parsed(location, at);
    if (next === undefined || !mayFollow(at, next)) return `it is sent on to ${location.slice(0, 200)}, which is not https`;
    at = next;
  }
}

function parsed(location: string, base: URL): URL | undefined {
  return URL.canParse(location, base.href) ? new URL(location, base) : undefined;
}

/** @param have bytes of `known` that are on the disk */
export function bodyPlan(response: Response, have: number, known: FileVersion | undefined): BodyPlan {
  const { status, headers } = response;
  if (status === 200) return { kind: "body", start: 0, version: versionOf(headers, wholeNumber(headers.get("content-length"))) };
  if (status === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get("content-range") ?? "");
    const version = versionOf(headers, range === null ? undefined : Number(range[3]));
    if (range === null || Number(range[1]) !== have || !sameVersion(known, version)) return { kind: "again", why: "the file at the address has changed", anew: true };
    return { kind: "body", start: have, version };
  }
  if (status === 416) {
    const total = /^bytes \*\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1];
    if (have > 0 && total !== undefined && Number(total) === have && known?.totalBytes === have) return { kind: "whole" };
    return { kind: "again", why: "the file at the address has changed", anew: true };
  }
  const why = `the server answered ${status}${response.statusText === "" ? "" : ` ${response.statusText}`}`;
  return status >= 500 || status === 408 || status === 429 ? { kind: "again", why, anew: false } : { kind: "refused", why };
}

function versionOf(headers: Headers, totalBytes: number | undefined): FileVersion {
  const etag = headers.get("etag") ?? undefined;
  return { etag: etag?.startsWith('"') === true ? etag : undefined, lastModified: headers.get("last-modified") ?? undefined, totalBytes };
}

function sameVersion(known: FileVersion | undefined, now: FileVersion): boolean {
  const agree = (a: unknown, b: unknown): boolean => a === undefined || b === undefined || a === b;
  return known !== undefined && agree(known.etag, now.etag) && agree(known.lastModified, now.lastModified) && agree(known.totalBytes, now.totalBytes);
}

function wholeNumber(text: string | null): number | undefined {
  const value = text === null || !/^\d+$/.test(text) ? NaN : Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

export function isVersion(value: unknown): value is FileVersion {
  return typeof value === "object" && value !== null
    && (!("etag" in value) || typeof value.etag === "string")
    && (!("lastModified" in value) || typeof value.lastModified === "string")
    && (!("totalBytes" in value) || Number.isSafeInteger(value.totalBytes));
}
