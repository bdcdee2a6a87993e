// What every command is given.
import type { Terminal } from "./terminal.ts";

export interface CommandContext {
  readonly terminal: Terminal;
  /** MASKLET_HOME: models, sessions, caches. */
  readonly home: string;
  readonly token: string | undefined;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}
