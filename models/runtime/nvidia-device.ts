// Whether a machine has an NVIDIA device, without loading anything of NVIDIA's.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Files that the driver makes: of Linux, of Linux inside Windows (WSL 2), of Windows. */
export function hasNvidiaDevice(): boolean {
  const signs = process.platform === "win32"
    ? [join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "nvcuda.dll")]
    : ["/dev/nvidiactl", "/proc/driver/nvidia/version", "/usr/lib/wsl/lib/libcuda.so.1"];
  return signs.some((sign) => existsSync(sign));
}
