// What the typed client must refuse to compile. Nothing here runs: `npm run check` reads it, and a line below that compiles
// after all is an error, since its @ts-expect-error then expects nothing.
import { connect, type ErrorCode, type MaskletClient, type MaskletError } from "../../client-typescript/client.ts";

const sessionId = "ses-000001";

export async function refused(masklet: MaskletClient, error: MaskletError): Promise<void> {
  // @ts-expect-error no such operation
  await masklet.start({ operation: "segment", sessionId });
  // @ts-expect-error a job needs its session
  await masklet.start({ operation: "undo" });
  // @ts-expect-error what is judged needs its truth
  await masklet.start({ operation: "evaluate", sessionId, params: {} });
  // @ts-expect-error no such file
  await masklet.start({ operation: "measure", params: { labels: "vol-000001", files: ["labels.tif"] } });
  // @ts-expect-error an object and a plane must be named
  await masklet.start({ operation: "prompt.set", sessionId });
  // @ts-expect-error no such direction
  await masklet.start({ operation: "propagate", sessionId, params: { direction: "up" } });
  // @ts-expect-error a parameter of another operation
  await masklet.start({ operation: "propagate", sessionId, params: { recipe: "fds" } });
  // @ts-expect-error the socket's own members are not parameters
  await masklet.start({ operation: "propagate", sessionId, params: { id: 3 } });
  // @ts-expect-error a preview belongs to live messages
  await masklet.start({ operation: "classical.run", sessionId, params: { preview: { index: 3 } } });
  // @ts-expect-error a box has four numbers
  await masklet.setPrompts(sessionId, { objects: [{ id: 1, prompts: [{ z: 1, box: [1, 2, 3] }] }] });
  // @ts-expect-error a point's label is 0 or 1
  await masklet.setPrompts(sessionId, { objects: [{ id: 1, prompts: [{ z: 1, points: [[1, 2, 3]] }] }] });
  // @ts-expect-error no such rule
  await masklet.labels(sessionId, "random");
  // @ts-expect-error a file's name goes to openPath
  await masklet.upload("vol.tif", "vol.tif");
  // @ts-expect-error no such dtype
  await masklet.declare({ name: "a", shape: { t: 1, c: 1, z: 1, y: 1, x: 1 }, dtype: "int16" });
  // @ts-expect-error no such route
  await masklet.call.json("get", "/v1/session", {});
  // @ts-expect-error the route has no such method
  await masklet.call.json("delete", "/v1/sessions", {});
  // @ts-expect-error the path's parameter is missing
  await masklet.call.json("get", "/v1/jobs/{jobId}", {});
  // @ts-expect-error another body is wanted
  await masklet.call.json("post", "/v1/sessions", { body: { volume: "vol-000001" } });
  // @ts-expect-error a GET has no body
  await masklet.call.json("get", "/v1/health", { body: {} });
  // @ts-expect-error no such option
  connect({ host: "127.0.0.1" });
  // @ts-expect-error no such code
  const code: ErrorCode = "no_such_code";
  // @ts-expect-error codes are those of the catalogue
  if (error.code === code || error.code === "forbidden") return;
}

export async function accepted(masklet: MaskletClient): Promise<number | string> {
  const { planes } = await masklet.run({ operation: "propagate", sessionId, params: { direction: "forward", objects: [1, 2] } });
  const { recipe } = await masklet.run({ operation: "classical.run", sessionId });
  const { measures, leftOut } = await masklet.run({ operation: "measure", params: { labels: "vol-000001" } });
  const { evaluation } = await masklet.run({ operation: "evaluate", sessionId, params: { truth: "vol-000001", sameIds: true } });
  if (evaluation.foreground.dice > 0.5) return measures.population.objects + (leftOut?.objects ?? 0);
  // @ts-expect-error the result of one operation has no member of another's
  const { disagreements } = await masklet.run({ operation: "propagate", sessionId });
  for await (const event of masklet.events(await masklet.start({ operation: "combine", sessionId, params: { how: "directions" } }))) {
    // @ts-expect-error only a mask has bits
    if (event.event === "progress") return event.data.bits;
    if (event.event === "end" && event.data.state === "done") return event.data.result?.disagreements?.length ?? 0;
  }
  return planes + recipe.steps.length + disagreements;
}
