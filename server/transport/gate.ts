// Who may ask: the address used, the web page asking, the token. The same for HTTP and for the live socket.
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { MaskletError } from "#protocol/errors.ts";

export interface Gate {
  /** A page elsewhere must not reach us through a name of its own, nor by a request of its own. @throws host_forbidden, origin_forbidden */
  checkPlace(headers: IncomingHttpHeaders): void;
  /** @throws token_missing, token_wrong */
  checkToken(headers: IncomingHttpHeaders): void;
  /** For `hello`, since browsers cannot set headers on a socket. @throws token_missing, token_wrong */
  checkHelloToken(token: string | undefined): void;
  readonly wantsToken: boolean;
}

const loopbackNames: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/**
 * @param hosts addresses listened on. One that means every address (0.0.0.0, ::) is reached by names nobody knows here;
 * the token, which it needs, then keeps strangers out.
 */
export function createGate(hosts: readonly string[], token: string | undefined): Gate {
  const names = new Set([...loopbackNames, ...hosts.map((host) => (isIP(host) === 6 ? `[${host}]` : host.toLowerCase()))]);
  const anyName = token !== undefined && hosts.some((host) => host === "0.0.0.0" || host === "::");
  const wanted = token === undefined ? undefined : digest(token);

  const checkGiven = (given: string | undefined): void => {
    if (wanted === undefined) return;
    if (given === undefined || given === "") throw MaskletError.of("token_missing", {});
    if (!timingSafeEqual(digest(given), wanted)) throw MaskletError.of("token_wrong", {});
  };

  return {
    wantsToken: wanted !== undefined,
    checkPlace: (headers) => {
      const host = (headers.host ?? "").toLowerCase();
      if (!anyName && !names.has(withoutPort(host))) throw MaskletError.of("host_forbidden", { host });
      const { origin } = headers;
      if (origin === undefined || origin.toLowerCase() === `http://${host}`) return;
      throw MaskletError.of("origin_forbidden", { origin });
    },
    checkToken: (headers) => checkGiven(/^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1]),
    checkHelloToken: checkGiven,
  };
}

/** Whether other machines can reach the address, so that listening there needs a token. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}

/** Equal lengths, so that comparing takes the same time whatever was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
