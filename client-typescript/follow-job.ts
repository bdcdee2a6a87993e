// A job's events, through interruptions of the line.
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import { textToBytes } from "./bytes.ts";
import type { Call } from "./call.ts";
import type { JobEvent, Operation } from "./operation.ts";
import { serverSentEvents } from "./server-sent-events.ts";

/**
 * Progress and masks as they come, last the end. A line that breaks is taken up again while the server knows the job; masks
 * that came meanwhile are in the session. Leaving the loop does not stop the job.
 * @throws not_found, server_unreachable, cancelled when the signal fires
 */
export async function* followJob<O extends Operation>(call: Call, jobId: string, signal?: AbortSignal): AsyncGenerator<JobEvent<O>> {
  for (;;) {
    const response = await call.raw("/v1/jobs/{jobId}/events", { params: { jobId }, signal });
    let heard = false;
    let broken: unknown;
    try {
      for await (const { event, data } of serverSentEvents(response.body ?? new ReadableStream<Uint8Array>())) {
        heard = true;
        if (!isKnown(event)) continue;
        yield { event, data: JSON.parse(data, textToBytes) };
        if (event === "end") return;
      }
    } catch (cause) {
      broken = cause;
    }
    if (signal?.aborted) throw MaskletError.of("cancelled", {}, broken);
    // Every stream begins with the progress of the moment: one that says nothing would say nothing for ever.
    if (!heard) throw MaskletError.of("server_unreachable", { url: response.url, why: `the events broke off: ${broken === undefined ? "nothing came" : reasonOf(broken)}` }, broken);
  }
}

/** What a later server tells besides is passed over. */
function isKnown(event: string): event is JobEvent<Operation>["event"] {
  return event === "progress" || event === "mask" || event === "end";
}
