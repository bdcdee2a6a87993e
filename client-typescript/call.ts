// One request to the server, its path, parameters, body and answer checked against openapi.yaml by the compiler.
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import type { paths } from "#protocol/generated/openapi.ts";
import { bytesToText, textToBytes } from "./bytes.ts";

export interface ServerAddress {
  /** Default http://127.0.0.1:8000. */
  readonly url?: string;
  /** What the server was started with as MASKLET_TOKEN. */
  readonly token?: string | undefined;
}

export type Method = "get" | "put" | "post" | "delete";
/** The paths of openapi.yaml that have the method. */
export type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never }[keyof paths];

type OperationOf<M extends Method, P extends keyof paths> = paths[P] extends Record<M, infer O> ? O : never;
type PathParams<O> = O extends { parameters: { path: infer Params } } ? { params: Params } : { params?: never };
type Query<O> = O extends { parameters: { query?: infer Params extends object } } ? { query?: Params } : { query?: never };
type JsonBody<O> = O extends { requestBody: { content: { "application/json": infer Body } } } ? { body: Body } : { body?: never };
type JsonIn<Response> = Response extends { content: { "application/json": infer Json } } ? Json : never;

interface Parts {
  readonly params?: Readonly<Record<string, string | number>> | undefined;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}
/** What a request to this operation is given. */
export type Given<M extends Method, P extends keyof paths> = Parts & PathParams<OperationOf<M, P>> & Query<OperationOf<M, P>> & JsonBody<OperationOf<M, P>>;
/** What comes back when it went well. */
export type Answer<M extends Method, P extends keyof paths> = OperationOf<M, P> extends { responses: infer R } ? JsonIn<R[Extract<keyof R, 200 | 201 | 202>]> : never;

export interface Call {
  /** @throws what the server answers, server_unreachable, cancelled */
  json<M extends Method, P extends PathOf<M>>(method: M, path: P, given: Given<M, P>): Promise<Answer<M, P>>;
  /** The same for an answer that is a file or a stream. */
  raw<P extends PathOf<"get">>(path: P, given: Given<"get", P>): Promise<Response>;
  /** A body that is not JSON. */
  send<M extends Method, P extends PathOf<M>>(method: M, path: P, given: Omit<Given<M, P>, "body">, mediaType: string, body: Uint8Array<ArrayBuffer> | Blob): Promise<Response>;
}

/** What cannot be seen often comes along with a pasted address. A path is kept: the server may stand behind one. @throws server_unreachable */
function baseOf(written: string): string {
  const seen = written.replaceAll(/^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$/g, "");
  const url = URL.canParse(seen) ? new URL(seen.endsWith("/") ? seen : `${seen}/`) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url.href;
  throw MaskletError.of("server_unreachable", { url: `"${written}"`, why: "an address looks like http://127.0.0.1:8000" });
}

/** @throws server_unreachable when the url is no address */
export function createCall({ url = "http://127.0.0.1:8000", token }: ServerAddress): Call {
  const base = baseOf(url);
  const request = async (method: string, path: string, { params, query, signal }: Parts, headers: Record<string, string>, body?: string | Uint8Array<ArrayBuffer> | Blob): Promise<Response> => {
    const address = new URL(path.slice(1).replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(params?.[name]))), base);
    for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) address.searchParams.set(name, value);
    const authorization: Record<string, string> = token === undefined || token === "" ? {} : { authorization: `Bearer ${token}` };
    const response = await reach(base, signal, () => fetch(address, {
      method: method.toUpperCase(), headers: { ...authorization, ...headers },
      ...(signal === undefined ? {} : { signal }), ...(body === undefined ? {} : { body }),
    }));
    if (response.ok) return response;
    throw faultOf(base, response.status, await response.text());
  };

  return {
    json: async (method, path, given) => {
      const { body } = given;
      const response = body === undefined ? await request(method, path, given, {})
        : await request(method, path, given, { "content-type": "application/json" }, JSON.stringify(body, bytesToText));
      const text = await reach(base, given.signal, () => response.text());
      try {
        return JSON.parse(text, textToBytes);
      } catch (cause) {
        throw notOurs(base, response.status, cause);
      }
    },
    raw: (path, given) => request("get", path, given, {}),
    send: (method, path, given, mediaType, body) => request(method, path, given, { "content-type": mediaType }, body),
  };
}

/** @throws server_unreachable, cancelled */
export async function reach<T>(url: string, signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    if (signal?.aborted) throw MaskletError.of("cancelled", {}, cause);
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw MaskletError.of("server_unreachable", { url, why: reasonOf(inner) || "no answer" }, cause);
  }
}

/** What the server says went wrong. What is not in its form comes from something in between, such as a proxy. */
function faultOf(url: string, status: number, text: string): MaskletError {
  try {
    const { code, message, hint, details } = JSON.parse(text);
    if (typeof code === "string" && typeof message === "string") return MaskletError.fromFault({ code, message, hint, details });
    return notOurs(url, status, text);
  } catch (cause) {
    return notOurs(url, status, cause);
  }
}

function notOurs(url: string, status: number, cause: unknown): MaskletError {
  return MaskletError.of("server_unreachable", { url, why: `status ${status}, and an answer that is not Masklet's` }, cause);
}
