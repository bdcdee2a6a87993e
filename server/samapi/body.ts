// Request bodies: JSON far larger than elsewhere, since pictures come in base64, and uploads as forms.
import type { IncomingMessage } from "node:http";
import { MaskletError } from "#protocol/errors.ts";
import { invalid, Refusal } from "./refusal.ts";

/** @throws Refusal 413, cancelled when the sender goes away */
async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer<ArrayBuffer>> {
  const tooLarge = (): Refusal => new Refusal(413, `The body has more than ${limit} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of request) {
      const bytes: unknown = piece;
      if (!(bytes instanceof Uint8Array)) throw MaskletError.of("internal", { why: "the body is not read as bytes" });
      size += bytes.length;
      if (size > limit) throw tooLarge();
      pieces.push(bytes);
    }
  } catch (error) {
    if (request.destroyed && !(error instanceof Refusal)) throw MaskletError.of("cancelled", {}, error);
    throw error;
  }
  return Buffer.concat(pieces);
}

/** @throws Refusal 413 and 422, cancelled */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const type = request.headers["content-type"];
  // Another kind of body is not looked into, as in samapi; a page elsewhere cannot send JSON without asking first.
  if (type !== undefined && !/^application\/(\w[\w.+-]*\+)?json\b/i.test(type)) throw invalid(["body"], "value is not a valid dict", "type_error.dict");
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0) throw invalid(["body"], "field required", "value_error.missing");
  try {
    return JSON.parse(bytes.toString());
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw invalid(["body", Number(/position (\d+)/.exec(thrown.message)?.[1] ?? 0)], thrown.message, "value_error.jsondecode");
  }
}

export interface Upload {
  readonly dirname: string;
  readonly filename: string;
  readonly bytes: Uint8Array;
}

/** A text field `dirname` and a file `file`, in multipart/form-data. @throws Refusal 413 and 422, cancelled */
export async function readUpload(request: IncomingMessage, limit: number): Promise<Upload> {
  const bytes = await readBytes(request, limit);
  const form = await new Response(bytes, { headers: { "Content-Type": request.headers["content-type"] ?? "" } }).formData().catch(() => undefined);
  if (form === undefined) throw invalid(["body"], "it is no form in multipart/form-data whose boundary has 27 to 70 characters", "value_error");
  const dirname = form.get("dirname") ?? undefined;
  const file = form.get("file") ?? undefined;
  if (typeof dirname !== "string") throw invalid(["body", "dirname"], "field required", "value_error.missing");
  if (file === undefined) throw invalid(["body", "file"], "field required", "value_error.missing");
  if (typeof file === "string") throw invalid(["body", "file"], "Expected UploadFile, received: <class 'str'>", "value_error");
  return { dirname, filename: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}
