// The routes under /sam/: what samapi 0.7.1 offers to the QuPath SAM extension, done by this server's own models.
import type { IncomingMessage, ServerResponse } from "node:http";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Domains, Operations } from "#server/operations.ts";
import { send, sendWhenReady, wantsGzip } from "./answer.ts";
import { automaskPicture } from "./automask-picture.ts";
import { readJson, readUpload } from "./body.ts";
import { followInVideo } from "./follow-in-video.ts";
import type { Looking } from "./looking.ts";
import { createPictureDecoder } from "./picture-decoder.ts";
import { answerTo, reasonFor, Refusal } from "./refusal.ts";
import { readAutomask, readModelName, readPrompt, readSam3, readSam3Video, readVideo, readWeights } from "./requests.ts";
import { segmentPicture } from "./segment-picture.ts";
import { createSharedViews } from "./shared-views.ts";
import { createUploads } from "./uploads.ts";
import { createWeights } from "./weights.ts";
import type { AddModel } from "./weights.ts";

export interface SamapiParts {
  readonly operations: Operations;
  readonly models: Domains["models"];
  readonly addModel: AddModel;
  /** Folder for frames and what else is soon gone. */
  readonly scratch: string;
  readonly roots: readonly string[];
  readonly onLog: (line: string) => void;
  /** Faults of ours. */
  readonly onFault: (error: MaskletError) => void;
  /** Default limits.samapiHeartbeatMs. */
  readonly heartbeatMs?: number | undefined;
  /** Default limits.samapiUploadIdleMs. */
  readonly uploadIdleMs?: number | undefined;
}

export interface Samapi {
  /** Answers what is under /sam, and passes on the rest. */
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void;
  close(): Promise<void>;
}

/** The version of samapi whose routes these are. */
const version = "0.7.1";
const noSam3 = "SAM 3 is not installed.";

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly zipped: boolean;
}
type Route = (asked: Asked) => Promise<void>;

export function createSamapi(parts: SamapiParts): Samapi {
  const { operations, onLog, onFault, heartbeatMs = limits.samapiHeartbeatMs } = parts;
  const decoder = createPictureDecoder(parts.scratch);
  const shareViews = createSharedViews();
  const uploads = createUploads(parts.scratch, parts.uploadIdleMs ?? limits.samapiUploadIdleMs);
  const weights = createWeights(parts.models, parts.addModel, parts.roots);

  const say = ({ request }: Asked, text: string): void => onLog(`samapi: ${request.method} ${request.url}: ${text}`);
  const json = ({ response, zipped }: Asked, value: unknown): Promise<void> => send(response, zipped, 200, "application/json", JSON.stringify(value));
  const plain = ({ response, zipped }: Asked, text: string): Promise<void> => send(response, zipped, 200, "text/plain; charset=utf-8", text);
  const body = ({ request }: Asked): Promise<unknown> => readJson(request, limits.maxSamapiJsonBytes);

  /** A status other than 200 is shown to nobody, so what has failed is said in the log. */
  const fail = (asked: Asked, thrown: unknown): void => {
    if (thrown instanceof Refusal || asMaskletError(thrown).status < 500) say(asked, `refused: ${reasonFor(thrown)}`);
    else onFault(asMaskletError(thrown));
  };

  /** An answer of the model, whenever it comes; when the client goes away the work stops. */
  const features = (asked: Asked, work: (looking: Looking) => Promise<object[]>): Promise<void> => {
    const gone = new AbortController();
    asked.response.once("close", () => { if (!asked.response.writableFinished) gone.abort(); });
    const late = (thrown: unknown): string => {
      if (!gone.signal.aborted) fail(asked, thrown);
      return "[]";
    };
    return sendWhenReady(asked.response, { zipped: asked.zipped, heartbeatMs, mediaType: "application/json", late }, async () => {
      return JSON.stringify(await operations.unkept(({ segmenter, models }) => work({ segmenter, models, decoder, shareViews, signal: gone.signal, say: (text) => say(asked, text) })));
    });
  };

  const routes: Readonly<Record<string, Partial<Record<string, Route>>>> = {
    "/sam": { POST: async (asked) => {
      const request = readPrompt(await body(asked));
      await features(asked, (looking) => segmentPicture(request, looking));
    } },
    "/sam/automask": { POST: async (asked) => {
      const request = readAutomask(await body(asked));
      await features(asked, (looking) => automaskPicture(request, looking));
    } },
    "/sam/upload": { POST: async (asked) => {
      const upload = await readUpload(asked.request, limits.maxSamapiFrameBytes);
      await uploads.put(upload);
      await json(asked, { filename: upload.filename });
    } },
    "/sam/video": { POST: async (asked) => {
      const request = readVideo(await body(asked));
      const taken = request.dirname === undefined ? undefined : await uploads.take(request.dirname);
      await features(asked, async (looking) => {
        try {
          return await followInVideo(request, taken, looking);
        } finally {
          // Before the answer: who has it may count on their being gone.
          await taken?.remove();
        }
      });
    } },
    "/sam/sam3": { POST: async (asked) => {
      const { type } = readSam3(await body(asked));
      throw type === "sam3" ? new Refusal(503, noSam3) : new Refusal(404, `${type} takes no text: choose sam3.`);
    } },
    "/sam/sam3video": { POST: async (asked) => {
      const { type, dirname } = readSam3Video(await body(asked));
      await (dirname === undefined ? undefined : await uploads.take(dirname))?.remove();
      throw type === "sam3" ? new Refusal(503, noSam3) : new Refusal(404, `${type} takes no text: choose sam3.`);
    } },
    "/sam/version": { GET: (asked) => plain(asked, version) },
    "/sam/weights": {
      GET: async (asked) => json(asked, await weights.list(readModelName(asked.query.get("type")))),
      POST: async (asked) => {
        const request = readWeights(await body(asked));
        const patience = { zipped: asked.zipped, heartbeatMs, mediaType: "text/plain; charset=utf-8", late: reasonFor };
        await sendWhenReady(asked.response, patience, async () => {
          const told = await weights.register(request);
          say(asked, told);
          return told;
        });
      },
    },
    "/sam/weights/cancel": { GET: async (asked) => {
      weights.cancel();
      await plain(asked, "Cancel signal sent");
    } },
    "/sam/progress": { GET: (asked) => json(asked, weights.progress()) },
  };

  const answer = async (path: string, asked: Asked): Promise<void> => {
    try {
      const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
      if (route === undefined) throw new Refusal(404, "Not Found");
      const method = route[asked.request.method ?? ""];
      if (method === undefined) {
        asked.response.setHeader("Allow", Object.keys(route).join(", "));
        throw new Refusal(405, "Method Not Allowed");
      }
      await method(asked);
    } catch (thrown) {
      if (asked.response.headersSent || asked.response.destroyed) return void asked.response.destroy();
      fail(asked, thrown);
      const { status, mediaType, body: text } = answerTo(thrown);
      // A body that was refused is not read to its end, so nothing can follow it.
      if (status === 413) asked.response.setHeader("Connection", "close");
      await send(asked.response, asked.zipped, status, mediaType, text);
    }
  };

  return {
    handle: (request, response, next) => {
      const [path = "", query] = (request.url ?? "").split("?", 2);
      if (path !== "/sam" && !path.startsWith("/sam/")) return next();
      const asked = { request, response, query: new URLSearchParams(query), zipped: wantsGzip(request) };
      answer(path.replace(/\/$/, ""), asked).catch((thrown: unknown) => onFault(asMaskletError(thrown)));
    },
    close: async () => {
      weights.cancel();
      await uploads.close();
      await decoder.close();
    },
  };
}
