// Real volumes, where a folder of them is named by MASKLET_REAL_DATA. They are not part of the repository.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fromFile } from "geotiff";
import { decode } from "tiff";
import { openVolume } from "#server/volumes/open-volume.ts";

const folder = process.env["MASKLET_REAL_DATA"];
const skip = folder === undefined
  ? "MASKLET_REAL_DATA is not set: whole real TIFFs (ImageJ and tifffile, plain and deflate) are not compared with other readers"
  : false;

/** The planes of a file as another reader gives them: the tiff package, or geotiff where that refuses the file's orientation
 * (which ImageJ does not look at, and neither do we). */
async function otherReading(file: string): Promise<Uint8Array[]> {
  try {
    return decode(await readFile(file)).map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  } catch (fault) {
    assert.match(String(fault), /Unsupported orientation/, file);
    const tiff = await fromFile(file);
    const planes: Uint8Array[] = [];
    for (let page = 0; page < await tiff.getImageCount(); page++) {
      const [data] = await (await tiff.getImage(page)).readRasters({ interleave: false });
      planes.push(new Uint8Array(data!.buffer, data!.byteOffset, data!.byteLength));
    }
    tiff.close();
    return planes;
  }
}

test("every real TIFF has the values another reader finds", { skip }, async () => {
  const files = (await readdir(folder ?? ".", { recursive: true })).filter((name) => /\.tiff?$/.test(name)).sort();
  assert.ok(files.length > 0, `no TIFF under ${folder}`);
  for (const name of files) {
    const file = join(folder ?? ".", name);
    const volume = await openVolume(file);
    const pages = await otherReading(file);
    const { t, c, z, y, x } = volume.shape;
    assert.deepEqual([t, c, z], [1, 1, pages.length], name);
    for (let index = 0; index < z; index++) {
      const ours = await volume.read({ t: 0, c: 0, z: [index, index + 1], y: [0, y], x: [0, x] });
      assert.equal(Buffer.compare(Buffer.from(ours.buffer), pages[index]!), 0, `${name}, slice ${index}`);
    }
    await volume.close();
  }
});
