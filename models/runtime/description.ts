// What the runtime on this machine is, for people.
import { listSupportedBackends } from "onnxruntime-node";

/** @throws when the native library cannot be loaded */
export async function runtimeDescription(): Promise<string> {
  const backends = listSupportedBackends().map(({ name }) => name);
  return `onnxruntime-node with ${backends.join(", ")}`;
}
