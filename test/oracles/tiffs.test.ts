// TIFFs in both directions: what ImageJ writes is read here, what is written here is read by ImageJ, plane by plane.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { crc32 } from "node:zlib";
import type { Dtype, Shape } from "#protocol/types.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import type { StackDescription } from "#server/exports/tiff-writer.ts";
import { objectColorTable } from "#server/exports/object-colors.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { Pixels, VolumeSource } from "#server/volumes/source.ts";
import { skipWithout } from "../tools.ts";
import { prepareOracles } from "./prepare.ts";
import { generator } from "./seeded-masks.ts";

/** A line of ImagejTiff. */
interface Described {
  file: string;
  x: number;
  y: number;
  c: number;
  z: number;
  t: number;
  bitDepth: number;
  hyperstack: boolean;
  pixelWidth: number;
  pixelHeight: number;
  pixelDepth: number;
  unit: string;
  min: number;
  max: number;
  grey: boolean;
  lut: string;
  labels: (string | null)[];
  planes: number[];
}

const skip = skipWithout("java", "mvn");
const folder = mkdtempSync(join(tmpdir(), "masklet-tiffs-"));
after(() => rmSync(folder, { recursive: true }));

function askImagej(main: string, args: readonly string[]): Described[] {
  return prepareOracles().java(main, args).trim().split("\n").map((line): Described => JSON.parse(line));
}

function littleEndianCrc(pixels: Pixels): number {
  return crc32(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
}

/** CRC-32 of every plane in ImageJ's order (c fastest); a colour image's planes as ImageJ's ARGB integers. */
async function planesOf(volume: VolumeSource): Promise<number[]> {
  const { t, c, z, y, x } = volume.shape;
  const found: number[] = [];
  const read = (at: { t: number; c: number; z: number }): Promise<Pixels> => volume.read({ t: at.t, c: at.c, z: [at.z, at.z + 1], y: [0, y], x: [0, x] });
  for (let frame = 0; frame < t; frame++) {
    for (let slice = 0; slice < z; slice++) {
      const channels: Pixels[] = [];
      for (let channel = 0; channel < c; channel++) channels.push(await read({ t: frame, c: channel, z: slice }));
      if (!volume.rgb) found.push(...channels.map(littleEndianCrc));
      else found.push(crc32(Uint8Array.from({ length: 4 * x * y }, (_, at) => (at % 4 === 3 ? 255 : channels[2 - (at % 4)]![at >> 2]!))));
    }
  }
  return found;
}

test("every TIFF that ImageJ writes is read as ImageJ had it", { skip }, async (t) => {
  const made = askImagej("ImagejTiffMaker", [folder]);
  assert.equal(made.length, 26);
  for (const image of made) {
    await t.test(basename(image.file), async () => {
      assert.equal(readFileSync(image.file).toString("latin1", 0, 2), basename(image.file).slice(0, 2));
      const volume = await openVolume(image.file);
      try {
        const colour = image.bitDepth === 24;
        assert.deepEqual(volume.shape, { t: image.t, c: colour ? 3 : image.c, z: image.z, y: image.y, x: image.x });
        assert.equal(volume.rgb, colour);
        assert.equal(volume.dtype, image.bitDepth === 16 ? "uint16" : image.bitDepth === 32 ? "float32" : "uint8");
        const calibrated = image.unit === "\u00b5m";
        assert.deepEqual(volume.spacing, calibrated ? { z: 2, y: 0.5, x: 0.25 } : undefined);
        if (calibrated) assert.deepEqual(volume.displayRange, [3, 40]);
        assert.deepEqual(await planesOf(volume), image.planes);
      } finally {
        await volume.close();
      }
    });
  }
});

const cases: readonly { name: string; stack: StackDescription }[] = [
  { name: "uint8-slice", stack: { shape: { t: 1, c: 1, z: 1, y: 5, x: 7 }, dtype: "uint8" } },
  { name: "uint8-stack", stack: { shape: { t: 1, c: 1, z: 3, y: 5, x: 7 }, dtype: "uint8", spacing: { z: 2, y: 0.5, x: 0.25 } } },
  { name: "uint16-stack", stack: { shape: { t: 1, c: 1, z: 4, y: 3, x: 9 }, dtype: "uint16", displayRange: [10, 500], spacing: { z: 0.35, y: 0.065, x: 0.065 } } },
  { name: "float32-stack", stack: { shape: { t: 1, c: 1, z: 2, y: 3, x: 9 }, dtype: "float32", displayRange: [-1.5, 2.25] } },
  { name: "uint16-frames", stack: { shape: { t: 5, c: 1, z: 1, y: 6, x: 4 }, dtype: "uint16" } },
  { name: "uint16-hyper", stack: { shape: { t: 4, c: 2, z: 3, y: 5, x: 7 }, dtype: "uint16", spacing: { z: 2, y: 0.5, x: 0.25 } } },
  { name: "float32-hyper", stack: { shape: { t: 3, c: 1, z: 2, y: 5, x: 7 }, dtype: "float32" } },
  { name: "uint8-luts", stack: { shape: { t: 1, c: 2, z: 3, y: 5, x: 7 }, dtype: "uint8", displayRange: [5, 90], luts: [lutBytes(), lutBytes()] } },
  {
    name: "uint16-labels",
    stack: { shape: { t: 1, c: 1, z: 3, y: 5, x: 7 }, dtype: "uint16", displayRange: [0, 255], luts: [lutBytes()], sliceLabels: ["a", "b\u00e9", ""] },
  },
];

function lutBytes(): Uint8Array {
  return Uint8Array.from({ length: 768 }, (_, at) => objectColorTable[at % 256]![Math.floor(at / 256)]!);
}

const lutText = objectColorTable.map((color) => color.map((value) => value.toString(16).padStart(2, "0")).join("")).join("");

function seededPlanes(shape: Shape, dtype: Dtype): Pixels[] {
  const random = generator(shape.t * 100 + shape.c * 10 + shape.z);
  const length = shape.y * shape.x;
  return Array.from({ length: shape.t * shape.c * shape.z }, () => {
    if (dtype === "uint8") return Uint8Array.from({ length }, () => Math.floor(random() * 256));
    if (dtype === "uint16") return Uint16Array.from({ length }, () => Math.floor(random() * 65_536));
    return Float32Array.from({ length }, () => (random() - 0.5) * 1e6);
  });
}

before(async () => {
  for (const { name, stack } of cases) await writeImagejTiff(join(folder, `${name}.tif`), stack, seededPlanes(stack.shape, stack.dtype));
});

test("ImageJ opens what is written here as it was meant", { skip }, async (t) => {
  const opened = askImagej("ImagejTiff", cases.map(({ name }) => join(folder, `${name}.tif`)));
  for (const [nth, { name, stack }] of cases.entries()) {
    await t.test(name, () => {
      const image = opened[nth]!;
      const { t: frames, c, z, y, x } = stack.shape;
      assert.deepEqual({ t: image.t, c: image.c, z: image.z, y: image.y, x: image.x }, { t: frames, c, z, y, x });
      assert.equal(image.bitDepth, { uint8: 8, uint16: 16, float32: 32 }[stack.dtype]);
      assert.deepEqual(image.planes, seededPlanes(stack.shape, stack.dtype).map(littleEndianCrc));
      if (stack.spacing === undefined) {
        assert.deepEqual([image.unit, image.pixelWidth, image.pixelDepth], ["pixel", 1, 1]);
      } else {
        assert.equal(image.unit, "\u00b5m");
        assert.deepEqual([image.pixelDepth, image.pixelHeight, image.pixelWidth].map((um) => Number(um.toPrecision(12))), [stack.spacing.z, stack.spacing.y, stack.spacing.x]);
      }
      if (stack.displayRange !== undefined) assert.deepEqual([image.min, image.max], stack.displayRange);
      if (stack.sliceLabels !== undefined) assert.deepEqual(image.labels.map((label) => label ?? ""), stack.sliceLabels);
      assert.equal(image.grey, stack.luts === undefined);
      if (stack.luts !== undefined) assert.equal(image.lut, lutText);
    });
  }
});

for (const { name, stack } of cases) {
  test(`${name}.tif comes back as it was written`, async () => {
    const volume = await openVolume(join(folder, `${name}.tif`));
    try {
      assert.deepEqual(volume.shape, stack.shape);
      assert.deepEqual(volume.spacing, stack.spacing);
      assert.deepEqual(await planesOf(volume), seededPlanes(stack.shape, stack.dtype).map(littleEndianCrc));
    } finally {
      await volume.close();
    }
  });
}

test("ImageJ opens label images with ids as values and every object in its colour", { skip }, async () => {
  const shape = { t: 2, c: 3, z: 4, y: 5, x: 7 };
  const ids = (largest: number) => (t: number, z: number): Uint32Array => Uint32Array.from({ length: 35 }, (_, at) => (at % 5 === 0 ? largest - 10 * t - z : at % 2));
  for (const largest of [200, 65_535, 65_536, 16_777_216]) {
    const file = join(folder, `labels-${largest}.tif`);
    await writeLabelsTiff(file, { shape, spacing: { z: 2, y: 0.5, x: 0.25 } }, largest, ids(largest));
    const [image] = askImagej("ImagejTiff", [file]);
    const expected: number[] = [];
    for (let t = 0; t < shape.t; t++) {
      for (let z = 0; z < shape.z; z++) expected.push(littleEndianCrc(largest > 65_535 ? Float32Array.from(ids(largest)(t, z)) : Uint16Array.from(ids(largest)(t, z))));
    }
    assert.deepEqual(
      { t: image?.t, c: image?.c, z: image?.z, bitDepth: image?.bitDepth, range: [image?.min, image?.max], lut: image?.lut, planes: image?.planes },
      { t: 2, c: 1, z: 4, bitDepth: largest > 65_535 ? 32 : 16, range: [0, Math.max(255, largest)], lut: lutText, planes: expected }, `largest id ${largest}`,
    );
  }
});
