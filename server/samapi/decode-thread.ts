// Entry of the thread that decodes pictures; only ever started by picture-decoder.ts.
import { parentPort, workerData } from "node:worker_threads";
import { asMaskletError } from "#protocol/errors.ts";
import { decodePicture } from "./decode-picture.ts";
import type { Decoded } from "./picture-decoder.ts";
import { Refusal } from "./refusal.ts";

const port = parentPort!;
const scratch: string = workerData;

async function decode(bytes: Uint8Array): Promise<void> {
  const say = (said: Decoded, transfer: ArrayBuffer[] = []): void => port.postMessage(said, transfer);
  try {
    const picture = await decodePicture(bytes, scratch);
    // Copies, since a decoder may hand out parts of buffers, and what is sent on is gone here.
    const planes = picture.planes.map((plane) => plane.slice());
    say({ picture: { ...picture, planes } }, planes.map((plane) => plane.buffer));
  } catch (thrown) {
    say({ fault: thrown instanceof Refusal ? thrown.message : asMaskletError(thrown).toFault() });
  }
}

port.on("message", (bytes: Uint8Array) => void decode(bytes));
