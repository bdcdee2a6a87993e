import assert from "node:assert/strict";
import test from "node:test";
import { modelIdOf, requireModelId } from "./model-id.ts";

test("ids of official and other file names", () => {
  const ids: Record<string, string> = {
    "sam2.1_hiera_tiny.pt": "sam2.1-tiny", "sam2_hiera_base_plus.pt": "sam2-base-plus", "MedSAM2_latest.pt": "medsam2-latest",
    "model.safetensors": "model", "Platelets (3rd try).PTH": "platelets-3rd-try", "__x__.pt": "x", "hiera_small": "hiera-small",
  };
  for (const [name, id] of Object.entries(ids)) assert.equal(modelIdOf(name, []), id);
  assert.equal(modelIdOf("sam2.1_hiera_tiny.pt", ["512", "int8"]), "sam2.1-tiny-512-int8");
  assert.equal(modelIdOf(`${"x".repeat(80)}.pt`, ["512"]), `${"x".repeat(60)}-512`);
});

test("names that make no id, and ids that are no plain lower-case names, are refused", () => {
  for (const name of [".pt", "___.pt", "細胞.pt", "auto.pt"]) assert.throws(() => modelIdOf(name, []), { code: "usage" }, name);
  for (const id of ["", ".", "..", "a/b", "a\\b", "A", "-a", "a ", "auto", "a.", "a".repeat(65)]) assert.throws(() => requireModelId(id), { code: "usage" }, id);
  assert.equal(requireModelId("sam2.1-tiny_2"), "sam2.1-tiny_2");
});
