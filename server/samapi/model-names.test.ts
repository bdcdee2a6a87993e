import assert from "node:assert/strict";
import test from "node:test";
import type { Model } from "#protocol/types.ts";
import { chosen, modelNames, weightsOf } from "./model-names.ts";

function model(id: string, family: Model["family"], more: Partial<Model> = {}): Model {
  return { id, family, licence: "", installed: true, sizeBytes: 1, integrity: "recorded", ...more };
}

const mobile = model("mobile-sam", "sam1");
const tiny = model("sam2.1-tiny", "sam2", { source: "https://dl.example/sam2.1_hiera_tiny.pt" });
const large = model("sam2-large", "sam2");
const mine = model("my-cells", "sam2", { source: "https://me.example/cells.pt" });
const named = (name: (typeof modelNames)[number], models: readonly Model[], auto?: string): string[] => weightsOf(name, models, auto).map((entry) => entry.name);

test("what answers to a name is called what it is, the first one by what it is not", () => {
  assert.deepEqual(named("vit_t", [mobile], "mobile-sam"), ["MobileSAM"]);
  assert.deepEqual(named("vit_l", [mobile], "mobile-sam"), ["MobileSAM (SAM ViT-L not installed)"]);
  assert.deepEqual(named("sam2_t", [mobile], "mobile-sam"), ["MobileSAM (SAM 2 not installed)"]);
  assert.deepEqual(named("sam2_t", [mobile, tiny, large], "sam2.1-tiny"), ["SAM 2.1 tiny", "MobileSAM", "SAM 2 large"]);
  assert.deepEqual(named("sam2_l", [mobile, tiny, large], "sam2.1-tiny"), ["SAM 2 large", "SAM 2.1 tiny", "MobileSAM"]);
  assert.deepEqual(named("sam2_bp", [mobile, tiny], "sam2.1-tiny"), ["SAM 2.1 tiny (SAM 2 base+ not installed)", "MobileSAM"]);
  assert.deepEqual(named("vit_t", [mobile, tiny, mine], "sam2.1-tiny"), ["MobileSAM", "SAM 2.1 tiny", "my-cells"]);
});

test("no name is without a line, whatever is here", () => {
  for (const models of [[], [model("mobile-sam", "sam1", { installed: false })], [model("mobile-sam", "sam1", { integrity: "missing" })], [mobile, tiny]]) {
    for (const name of modelNames) {
      const lines = weightsOf(name, models, undefined);
      assert.ok(lines.length > 0 && lines.every(({ type, url }) => type === name && url !== ""));
      assert.equal(new Set(lines.map(({ url }) => url)).size, lines.length);
    }
  }
  assert.deepEqual(named("sam3", [mobile], "mobile-sam"), ["SAM 3 is not installed"]);
});

test("weights are chosen by our address, by theirs, and by a publisher's for the name itself", () => {
  const here = [mobile, tiny, mine];
  const pick = (weights: string | undefined): string | undefined => chosen("vit_t", weights, here, "sam2.1-tiny")?.id;
  assert.equal(pick(undefined), "mobile-sam");
  assert.equal(pick("masklet:my-cells"), "my-cells");
  assert.equal(pick("https://me.example/cells.pt"), "my-cells");
  assert.equal(pick("https://dl.example/sam2.1_hiera_tiny.pt"), "sam2.1-tiny");
  assert.equal(pick("https://dl.example/segment_anything/sam_vit_h_4b8939.pth"), "mobile-sam");
  assert.equal(pick("https://example/raw/main/weights/mobile_sam.pt"), "mobile-sam");
  for (const elsewhere of ["masklet:none", "masklet:sam2-large", "https://me.example/other.pt"]) assert.equal(pick(elsewhere), undefined);
});
