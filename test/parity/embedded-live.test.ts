// As embedded.test.ts, on clay phantoms and nuclei: PyTorch runs here and now, where there is a Python that has it, and logits are compared too.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "#training/run-program.ts";
import { realData, trainingPython } from "../tools.ts";
import { compileFile } from "./compiled.ts";
import { compareAll, readReference } from "./embedded-reference.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { python, skip: withoutPython } = trainingPython();
const { folder, skip: withoutData } = realData();
const known = ["clay-phantom-dense", "clay-phantom-suspension", "bbbc050-embryo", "stardist-nuclei"];
const missing = known.filter((name) => !existsSync(join(folder, name)));
const incomplete = withoutData || (missing.length > 0 ? `MASKLET_REAL_DATA has no ${missing.join(", ")}` : false);

test("films of real stacks, through PyTorch and through ours", { skip: withoutPython || incomplete }, async (t) => {
  const work = await mkdtemp(join(tmpdir(), "masklet-embedded-"));
  t.after(() => rm(work, { recursive: true, force: true, maxRetries: 5 }));
  const out = join(work, "reference.safetensors");
  const { code, err } = await runProgram(python, ["-B", join(root, "fixtures/make/embedded/make_reference.py"), "--real", folder, "--logits", "--out", out], {});
  assert.equal(code, 0, err);
  const reference = readReference(out);
  const compiled = await compileFile(join(root, reference.weights), "embedded", reference.imageSize);
  const all = await compareAll(t, compiled, reference);
  const shown = all.filter(({ area }) => area > 0);
  t.diagnostic(`${shown.length} masks of ${reference.weights}: least overlap ${Math.min(...shown.map(({ overlap }) => overlap))}, logits apart by ${Math.max(...all.map(({ logits }) => logits ?? 0)).toExponential(1)} of the greatest`);
});
