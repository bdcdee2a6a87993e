import assert from "node:assert/strict";
import { test } from "node:test";
import { micrometresPer, parseImagejDescription } from "./imagej-description.ts";
import { parseOmeDescription } from "./ome-description.ts";
import type { TiffPage } from "./tiff-directory.ts";
import { layOut } from "./tiff-layout.ts";

const page: TiffPage = {
  width: 5, height: 4, samples: 1, bits: 16, format: 1, compression: 1, photometric: 1, predictor: 1, planar: 1, blockRows: 4, blockColumns: 5,
  tiled: false, reduced: false, offsets: { at: 8, type: 4, count: 1 }, counts: undefined, description: "", pixelWidth: Number.NaN, pixelHeight: Number.NaN, resolutionUnit: 2,
};
const lines = (...all: string[]): string => `${all.join("\n")}\n`;

test("ImageJ's order is XYCZT", () => {
  const layout = layOut({ ...page, description: lines("ImageJ=1.54p", "images=24", "channels=2", "slices=3", "frames=4", "hyperstack=true") }, 24, "f");
  assert.deepEqual(layout.shape, { t: 4, c: 2, z: 3, y: 4, x: 5 });
  assert.deepEqual(layout.locate({ t: 0, c: 1, z: 0 }), { page: 1, sample: 0 });
  assert.deepEqual(layout.locate({ t: 0, c: 0, z: 1 }), { page: 2, sample: 0 });
  assert.deepEqual(layout.locate({ t: 3, c: 1, z: 2 }), { page: 23, sample: 0 });
});

test("dimensions that do not multiply to the pages are slices", () => {
  const layout = layOut({ ...page, description: lines("ImageJ=", "images=6", "channels=2", "slices=2") }, 6, "f");
  assert.deepEqual(layout.shape, { t: 1, c: 1, z: 6, y: 4, x: 5 });
});

test("units become micrometres; what is no length is no calibration", () => {
  const um = (unit: string, extra: string[] = []): unknown =>
    layOut({ ...page, pixelWidth: 2, pixelHeight: 3, description: lines("ImageJ=1.53t", "images=2", "slices=2", `unit=${unit}`, "spacing=4", ...extra) }, 2, "f").spacing;
  for (const unit of ["micron", "um", "\\u00B5m", "\u00b5m", "\\u03BCm", "Microns", "micrometer"]) assert.deepEqual(um(unit), { z: 4, y: 3, x: 2 }, unit);
  assert.deepEqual(um("nm"), { z: 0.004, y: 0.003, x: 0.002 });
  assert.deepEqual(um("mm"), { z: 4000, y: 3000, x: 2000 });
  assert.deepEqual(um("inch"), { z: 101_600, y: 76_200, x: 50_800 });
  for (const unit of ["pixel", "", "sec", "toString", "__proto__"]) assert.equal(um(unit), undefined, unit);
  assert.equal(micrometresPer("cm"), 10_000);
});

test("a slice distance that is not stated is 1 unit in a stack, the pixel width in a single slice; a negative one is its size", () => {
  const spacing = (slices: number, ...extra: string[]): unknown =>
    layOut({ ...page, pixelWidth: 0.5, pixelHeight: 0.5, description: lines("ImageJ=1.53t", `images=${slices}`, `slices=${slices}`, "unit=um", ...extra) }, slices, "f").spacing;
  assert.deepEqual(spacing(3), { z: 1, y: 0.5, x: 0.5 });
  assert.deepEqual(spacing(1), { z: 0.5, y: 0.5, x: 0.5 });
  assert.deepEqual(spacing(3, "spacing=-2"), { z: 2, y: 0.5, x: 0.5 });
  assert.equal(spacing(3, "spacing=0"), undefined);
});

test("without a description: pages are slices, centimetres calibrate, inches do not", () => {
  assert.deepEqual(layOut(page, 7, "f").shape, { t: 1, c: 1, z: 7, y: 4, x: 5 });
  assert.deepEqual(layOut({ ...page, pixelWidth: 1e-4, pixelHeight: 2e-4, resolutionUnit: 3 }, 7, "f").spacing, { z: 1, y: 2, x: 1 });
  assert.equal(layOut({ ...page, pixelWidth: 1 / 72, pixelHeight: 1 / 72 }, 7, "f").spacing, undefined);
});

test("the display range must be a range", () => {
  const range = (...extra: string[]): unknown => layOut({ ...page, description: lines("ImageJ=1.53t", ...extra) }, 1, "f").displayRange;
  assert.deepEqual(range("min=-5.5", "max=1e3"), [-5.5, 1000]);
  assert.equal(range("min=5", "max=5"), undefined);
  assert.equal(range("min=5"), undefined);
  assert.equal(range("min=NaN", "max=Infinity"), undefined);
});

test("colour: RGB is three channels, alpha is left out, palette indices stay indices", () => {
  const rgb = layOut({ ...page, samples: 4, bits: 8, photometric: 2 }, 2, "f");
  assert.deepEqual([rgb.rgb, rgb.shape.c, rgb.dtype], [true, 3, "uint8"]);
  assert.deepEqual(rgb.locate({ t: 0, c: 2, z: 1 }), { page: 1, sample: 2 });
  const deep = layOut({ ...page, samples: 3, photometric: 2 }, 1, "f");
  assert.deepEqual([deep.rgb, deep.shape.c, deep.dtype], [false, 3, "uint16"]);
  const palette = layOut({ ...page, bits: 8, photometric: 3 }, 1, "f");
  assert.deepEqual([palette.rgb, palette.shape.c, palette.dtype], [false, 1, "uint8"]);
});

test("ImageJ descriptions of other programs' making", () => {
  assert.equal(parseImagejDescription("images=3"), undefined);
  assert.equal(parseImagejDescription("ImageJ=1.11a\r\nimages=3\r\nunit=um\r\n")?.images, 3);
  assert.deepEqual(parseImagejDescription("ImageJ=1.53t\nimages=0\nslices=-2\nframes=x\nimages=9"), { images: 1, channels: 1, slices: 1, frames: 1, unit: "", spacing: undefined, min: undefined, max: undefined });
});

test("OME sizes, order and physical sizes", () => {
  const ome = parseOmeDescription(`<OME><Image><Pixels SizeC="2" SizeT='4' SizeZ="3" DimensionOrder="XYZTC" PhysicalSizeX="65" PhysicalSizeXUnit="nm" PhysicalSizeY="0.065" PhysicalSizeYUnit="&#181;m" PhysicalSizeZ="2e-4" PhysicalSizeZUnit="mm"><Channel/></Pixels></Image></OME>`);
  assert.deepEqual(ome?.sizes, { c: 2, z: 3, t: 4 });
  assert.deepEqual(ome?.order, ["z", "t", "c"]);
  assert.deepEqual(ome?.spacing, { z: 0.2, y: 0.065, x: 0.065 });
  for (const bad of ["", "<Pixels>", "<Pixels SizeC='1' SizeT='1' SizeZ='1.5' DimensionOrder='XYZTC'>", "<Pixels SizeC='1' SizeT='1' SizeZ='1' DimensionOrder='constructor'>"]) assert.equal(parseOmeDescription(bad), undefined, bad);
});
