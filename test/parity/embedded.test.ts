// The runtime with trained weights against PyTorch's official predictor: films with prompts of every kind, whose masks are kept in
// fixtures/embedded. What is compared, and why, stands in fixtures/embedded/README.md.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { compileFile } from "./compiled.ts";
import { compareAll, readReference } from "./embedded-reference.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const embedded = "models/embedded/masklet-sam2.safetensors";
const again = "make fixtures/embedded anew: python fixtures/make/embedded/make_reference.py";
const reference = readReference(join(root, "fixtures/embedded/reference.safetensors.gz"));

test("the kept masks are of the network that ships, where there is one, and of the weights that are here", () => {
  assert.equal(reference.weights, existsSync(join(root, embedded)) ? embedded : "fixtures/sam2-small/particles.safetensors", again);
  const sha256 = createHash("sha256").update(readFileSync(join(root, reference.weights))).digest("hex");
  assert.equal(reference.sha256, sha256, `${reference.weights} has changed; ${again}`);
});

test("with its weights", async (t) => {
  const compiled = await compileFile(join(root, reference.weights), "embedded", reference.imageSize);
  assert.ok(reference.clips.length >= 8);
  await compareAll(t, compiled, reference);
});
