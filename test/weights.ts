// Where tests find real weights, and the one step that fetches them. Tests themselves never use the network.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createModelStore } from "#models/registry/store.ts";

export const weightsModel = "mobile-sam";

export function weightsHome(): string {
  return process.env["MASKLET_HOME"] ?? join(fileURLToPath(new URL("..", import.meta.url)), ".cache", "masklet");
}

/** Installs the model where it is missing; a set-up step, run before the tests. @throws download_failed, disk_full */
export async function ensureWeights(onProgress?: (done: number, total: number) => void): Promise<"present" | "pulled"> {
  const store = createModelStore({ home: weightsHome() });
  const known = (await store.list()).find((model) => model.id === weightsModel);
  if (known?.installed === true) {
    await store.open(weightsModel);
    return "present";
  }
  await store.pull(weightsModel, { onProgress: (progress) => onProgress?.(progress.done, progress.total) });
  return "pulled";
}
