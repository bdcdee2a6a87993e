// A session of a volume nobody can read, with no model: for operations that need neither.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Volume } from "#protocol/types.ts";
import type { Domains } from "#server/operations/contract.ts";
import { createSessionStore } from "#server/sessions/session-store.ts";

/** Whatever asks for more than sessions and the volume's description fails the test. */
export async function withSessionAlone(volume: Volume, work: (domains: Domains, sessionId: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-session-"));
  const sessions = createSessionStore({ folder });
  const beyond = new Proxy({}, { get: (_target, name) => assert.fail(`it asked for ${String(name)}`) });
  const domains: unknown = { sessions, volumes: { describe: async () => volume }, segmenter: beyond, models: beyond, exporter: beyond, version: "", scratch: folder };
  try {
    const session = await sessions.create(volume.volumeId);
    await work(domains as Domains, session.description.sessionId);
  } finally {
    await sessions.close();
    await rm(folder, { recursive: true, force: true });
  }
}
