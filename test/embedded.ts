// The model that comes with the package, as tests want it: none, or a stand-in of their own. What `auto` means must not depend on
// which weights are committed where a test is about something else.
import { fileURLToPath } from "node:url";

/** From here on this process, and those it starts, see a package without a model: `auto` is what the test installed. */
export function leaveEmbeddedOut(): void {
  useEmbedded(fileURLToPath(new URL("./no-such-folder", import.meta.url)));
}

/** From here on this process, and those it starts, find the package's models in `folder`. */
export function useEmbedded(folder: string): void {
  process.env["MASKLET_EMBEDDED"] = folder;
}
