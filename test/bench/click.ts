// A box on a plane through the live socket, beside the same segmentation called in this process, and beside the network alone.
import { createModelStore } from "#models/registry/store.ts";
import { netFrame } from "#models/sam1/net-frame.ts";
import { openPredictor } from "#models/sam1/predictor.ts";
import { planeSize } from "#server/segmentation/plane.ts";
import { segmentPlane } from "#server/segmentation/segment-plane.ts";
import { renderView } from "#server/segmentation/view.ts";
import { windowAround, windowSize } from "#server/segmentation/window.ts";
import { valueOf } from "../end-to-end/live-client.ts";
import { weightsHome, weightsModel } from "../weights.ts";
import { benchVolume, openBenchVolume, withBenchServer, type BenchObject, type BenchVolume } from "./bench-server.ts";
import { openBenchScene } from "./bench-scene.ts";
import { timed, type Bench, type Row } from "./table.ts";

const particles = 6;
const repeats = 3;

interface Clicks {
  /** Of a plane and window nobody has looked at, and of the same again. */
  readonly cold: number[];
  readonly cached: number[];
}

export const click: Bench = {
  name: "click",
  run: () => withBenchServer("click", async (server) => {
    const volume = benchVolume(11, [16, 192, 224], particles);
    const { live, sessionId } = await openBenchVolume(server, volume);
    const here = await inProcess(volume);
    const overSocket: Clicks = { cold: [], cached: [] };
    let id = 10;
    const ask = async ({ id: objectId, z, box }: BenchObject): Promise<number> => {
      const { ms, value } = await timed(() => live.ask({ t: "prompt.set", id: ++id, sessionId, objectId, cut: { axis: "z", index: z }, box }));
      valueOf(value);
      return ms;
    };
    try {
      // The first particle loads the model on both sides and is left out.
      for (const [at, object] of volume.objects.entries()) {
        const cold = await ask(object);
        if (at > 0) overSocket.cold.push(cold);
        await here.click(object, at > 0);
        for (let repeat = 0; at > 0 && repeat < repeats; repeat++) overSocket.cached.push(await ask(object));
      }
    } finally {
      await live.close();
      await here.close();
    }
    const row = (what: string, measured: readonly number[], beside: string, reference: readonly number[]): Row =>
      ({ bench: "click", unit: "ms", measured: { what, values: measured }, reference: { what: beside, values: reference } });
    return [
      row("prompt.set, plane not seen before", overSocket.cold, "segmentPlane in this process", here.clicks.cold),
      row("prompt.set, embedding cached", overSocket.cached, "segmentPlane in this process", here.clicks.cached),
      row("prompt.set, plane not seen before", overSocket.cold, "the encoder alone", here.encode),
      row("prompt.set, embedding cached", overSocket.cached, "the decoder alone", here.decode),
    ];
  }),
};

/** The same pixels, view, window and weights, without server, session and model process. */
async function inProcess(volume: BenchVolume) {
  const { scene, close } = await openBenchScene(volume);
  const predictor = await openPredictor(await createModelStore({ home: weightsHome() }).open(weightsModel));
  const clicks: Clicks = { cold: [], cached: [] };
  const encode: number[] = [];
  const decode: number[] = [];

  async function click({ id: objectId, z, box }: BenchObject, counts: boolean): Promise<void> {
    const request = { objectId, cut: { axis: "z" as const, index: z }, parts: { box }, multimask: false };
    const cold = await timed(() => segmentPlane(scene, request, {}));
    if (counts) clicks.cold.push(cold.ms);
    for (let repeat = 0; counts && repeat < repeats; repeat++) clicks.cached.push((await timed(() => segmentPlane(scene, request, {}))).ms);
    const plane = planeSize(scene.source, "z");
    const window = windowAround([box[0], box[1], box[2], box[3]], windowSize(Math.max(box[2] - box[0], box[3] - box[1])), plane);
    const seen = await renderView(scene.source, scene.view, { axis: "z", index: z, t: 0, c: 0 }, window);
    const encoded = await timed(() => predictor.encode(seen));
    if (counts) encode.push(encoded.ms);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const { ms } = await timed(() => predictor.decode(encoded.value, { box }, netFrame(seen)));
      if (counts) decode.push(ms);
    }
  }
  return {
    click, clicks, encode, decode,
    close: async () => {
      await predictor.close();
      await close();
    },
  };
}
