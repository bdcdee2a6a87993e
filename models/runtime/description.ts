// What the runtime on this machine is, for people.
import { listSupportedBackends } from "onnxruntime-node";
import { hasNvidiaDevice } from "./nvidia-device.ts";

/** @param wanted MASKLET_PROVIDER. @throws when the native library cannot be loaded */
export async function runtimeDescription(wanted = "auto"): Promise<string> {
  const listed = listSupportedBackends().map(({ name }) => name);
  const device = hasNvidiaDevice() ? "an NVIDIA device is here" : "no NVIDIA device";
  return `onnxruntime-node with ${listed.join(", ")}; provider ${wanted}${wanted === "auto" ? ` (${device})` : ""}; other providers than cpu and cuda are passed through untested`;
}
