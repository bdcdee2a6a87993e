// How long an answer that needs no model takes while the model runs, beside the same while nothing does.
import { valueOf } from "../end-to-end/live-client.ts";
import { benchVolume, openBenchVolume, withBenchServer, type BenchServer } from "./bench-server.ts";
import { quantile, timed, type Bench, type Row } from "./table.ts";

/** A pause between two questions, so that they do not themselves keep a core busy. */
const pauseMs = 5;

export const healthLatency: Bench = {
  name: "health",
  run: () => withBenchServer("health", async (server) => {
    const volume = benchVolume(13, [12, 192, 224], 2);
    const { live, sessionId } = await openBenchVolume(server, volume);
    const [first, second] = volume.objects;
    // Loads the model, which is not what is looked at.
    valueOf(await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: { axis: "z", index: first!.z }, box: first!.box }));
    valueOf(await live.ask({ t: "prompt.set", id: 4, sessionId, objectId: 2, cut: { axis: "z", index: second!.z }, box: second!.box }));
    const run = live.ask({ t: "propagate", id: 5, sessionId, objects: [2] });
    const ended = { value: false };
    void run.then(() => { ended.value = true; });
    const busy = await asked(server, () => ended.value);
    valueOf(await run);
    const idle = await asked(server, (count) => count >= busy.length);
    await live.close();
    const row = (what: string, part: number): Row => ({
      bench: "health", unit: "ms",
      measured: { what: `GET /v1/health while encoding, ${what} of ${busy.length}`, values: [quantile(busy, part)] },
      reference: { what: `idle, ${what}`, values: [quantile(idle, part)] },
    });
    return [row("p50", 0.5), row("p99", 0.99), row("longest", 1)];
  }),
};

async function asked({ url }: BenchServer, enough: (count: number) => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!enough(times.length)) {
    times.push((await timed(async () => (await fetch(`${url}/v1/health`)).text())).ms);
    await new Promise((later) => setTimeout(later, pauseMs));
  }
  return times;
}
