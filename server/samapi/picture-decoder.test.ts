import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import test from "node:test";
import { encode } from "fast-png";
import { createPictureDecoder } from "./picture-decoder.ts";
import { Refusal } from "./refusal.ts";

const png = (level: number): Uint8Array => encode({ width: 5, height: 4, channels: 1, data: new Uint8Array(20).fill(level) });

test("the same bytes are decoded once, others in their order, and what is no picture is forgotten", async () => {
  const decoder = createPictureDecoder(tmpdir());
  try {
    const [first, again, other] = await Promise.all([decoder.decode(png(1)), decoder.decode(png(1)), decoder.decode(png(2))]);
    assert.equal(first, again);
    assert.deepEqual([first!.planes[0]![0], other!.planes[0]![0]], [1, 2]);
    for (let turn = 0; turn < 2; turn++) {
      await assert.rejects(decoder.decode(Buffer.from("none of that kind")), Refusal);
      await assert.rejects(decoder.decode(png(3).slice(0, 50)), { code: "file_unreadable" });
    }
    assert.equal(await decoder.decode(png(1)), first, "faults of others took nothing away");
  } finally {
    await decoder.close();
  }
  await assert.rejects(decoder.decode(png(9)), { code: "cancelled" });
});

test("closing ends those who wait", async () => {
  const decoder = createPictureDecoder(tmpdir());
  const asked = [decoder.decode(png(1)), decoder.decode(png(2))].map((one) => assert.rejects(one, { code: "cancelled" }));
  await decoder.close();
  await Promise.all(asked);
});
