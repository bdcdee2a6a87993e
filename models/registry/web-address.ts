// Addresses of weights: only such as cannot be changed on the way, https, or http on this very machine.
import { MaskletError } from "#protocol/errors.ts";

/** Whether a source is meant as an address; anything else is a file's path. */
export function isAddress(source: string): boolean {
  // Two letters at least: `C:\weights.pt` is a path.
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(source);
}

/** @throws usage */
export function requireAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw MaskletError.of("usage", { why: `"${address}" is not an address.` });
  if (url.username !== "" || url.password !== "") throw MaskletError.of("usage", { why: "An address with a user name or password in it is not used: it would be kept in the model's description." });
  if (!isSafe(url)) throw MaskletError.of("usage", { why: `${url.protocol}//${url.host} is not used: addresses must begin with https:// (http:// only on this machine).` });
  return url;
}

/** Where a server sends us on to: no less safe than where we asked. */
export function mayFollow(from: URL, to: URL): boolean {
  return isSafe(to) && !(from.protocol === "https:" && to.protocol === "http:");
}

/** The last part of the path, as a file's name. */
export function fileNameOf(url: URL): string {
  const last = url.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch (thrown) {
    if (thrown instanceof URIError) return last;
    throw thrown;
  }
}

function isSafe(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname));
}
