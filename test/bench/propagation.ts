// Planes a second that a particle is followed through, over the live socket: with the encoder on each plane, and with every
// embedding cached, beside the same propagation called in this process.
import { propagate } from "#server/segmentation/propagate.ts";
import { valueOf } from "../end-to-end/live-client.ts";
import { benchVolume, openBenchVolume, withBenchServer, type BenchObject, type BenchVolume } from "./bench-server.ts";
import { openBenchScene } from "./bench-scene.ts";
import { timed, type Bench, type Row } from "./table.ts";

const particles = 4;
/** Planes on each side of the prompted one. */
const reach = 3;

type Speeds = Record<"cold" | "cached", number[]>;

export const propagation: Bench = {
  name: "propagation",
  run: () => withBenchServer("propagation", async (server) => {
    const volume = benchVolume(12, [16, 192, 224], particles);
    const { live, sessionId } = await openBenchVolume(server, volume);
    const here = await inProcess(volume);
    const there: Speeds = { cold: [], cached: [] };
    let id = 10;
    const follow = async (object: BenchObject): Promise<number> => {
      const { ms, value } = await timed(() => live.ask({ t: "propagate", id: ++id, sessionId, objects: [object.id], direction: "both", range: rangeOf(object, volume) }));
      const ended = valueOf(value);
      return "planes" in ended ? (ended.planes * 1000) / ms : NaN;
    };
    try {
      // The first particle loads the model on both sides and is left out.
      for (const [at, object] of volume.objects.entries()) {
        valueOf(await live.ask({ t: "prompt.set", id: ++id, sessionId, objectId: object.id, cut: { axis: "z", index: object.z }, box: object.box }));
        for (const state of ["cold", "cached"] as const) {
          const [speedThere, speedHere] = [await follow(object), await here.follow(object)];
          if (at === 0) continue;
          there[state].push(speedThere);
          here.speeds[state].push(speedHere);
        }
      }
    } finally {
      await live.close();
      await here.close();
    }
    const row = (what: string, state: keyof Speeds): Row => ({
      bench: "propagation", unit: "planes/s", measured: { what, values: there[state] }, reference: { what: "propagate in this process", values: here.speeds[state] },
    });
    return [row("propagate, planes not seen before (but the prompted one)", "cold"), row("propagate again, embeddings cached", "cached")];
  }),
};

function rangeOf({ z }: BenchObject, { shape }: BenchVolume): { start: number; end: number } {
  return { start: Math.max(0, z - reach), end: Math.min(shape.z, z + reach + 1) };
}

async function inProcess(volume: BenchVolume) {
  const { scene, close } = await openBenchScene(volume);
  const speeds: Speeds = { cold: [], cached: [] };
  return {
    speeds,
    follow: async (object: BenchObject): Promise<number> => {
      const objects = [{ objectId: object.id, prompts: [{ cut: { axis: "z" as const, index: object.z }, parts: { box: object.box } }] }];
      const events = { onMask: () => undefined, onEnd: () => undefined };
      const { ms, value } = await timed(() => propagate(scene, { objects, along: "z", range: rangeOf(object, volume), direction: "both" }, events));
      return (value.planes * 1000) / ms;
    },
    close,
  };
}
