// What a server is told at its start. Read from arguments and environment in cli/serve.ts, never here.

export interface Config {
  /** MASKLET_HOME: models, sessions, volumes, caches. */
  readonly home: string;
  /** Addresses to listen on; undefined = 127.0.0.1, and ::1 where this machine has it. */
  readonly host?: string | undefined;
  /** 0 takes any free port. */
  readonly port: number;
  /** Needed for every address that is not loopback. */
  readonly token?: string | undefined;
  /** Folders whose files may be opened by path. */
  readonly roots: readonly string[];
  /** The log also says where in our code an internal fault began. */
  readonly debug?: boolean | undefined;
  /** Of the routes under /sam/; default `limits.samapiHeartbeatMs` and `limits.samapiUploadIdleMs`. */
  readonly samapi?: { readonly heartbeatMs?: number | undefined; readonly uploadIdleMs?: number | undefined } | undefined;
  /** One line for the log. */
  readonly onLog: (line: string) => void;
}

export const defaultPort = 8000;
