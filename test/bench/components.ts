// Components, distances and hole filling on one thread, in a packing of balls and in noise, beside the programs of the Python that
// MASKLET_CLASSICAL_PYTHON names (connected-components-3d, edt, scipy, SimpleITK), if it names one.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { labelComponents } from "../../server/classical/kernels/components.ts";
import { squaredDistanceMap } from "../../server/classical/kernels/distance-map.ts";
import { fillHoles } from "../../server/classical/kernels/fill-holes.ts";
import type { Bench, Row } from "./table.ts";

const side = 256;
const size = [side, side, side] as const;
const times = 3;

const works = {
  6: (mask: Uint8Array) => labelComponents(mask, size, 6),
  18: (mask: Uint8Array) => labelComponents(mask, size, 18),
  26: (mask: Uint8Array) => labelComponents(mask, size, 26),
  distance: (mask: Uint8Array) => squaredDistanceMap(mask, size, [1, 1, 1]),
  holes: (mask: Uint8Array) => fillHoles(mask, size),
};

export const components: Bench = {
  name: "components",
  run: () => Promise.resolve([...rowsOf("packing", packing(0.6)), ...rowsOf("noise", noise())]),
};

/** Overlapping balls of 4 to 20 voxels, as many as fill that part of the volume. */
function packing(part: number): Uint8Array {
  const random = seededRandom(1);
  const mask = new Uint8Array(side ** 3);
  for (let filled = 0; filled < part * mask.length; ) {
    const radius = random.between(4, 20);
    const [cz, cy, cx] = [random.between(0, side), random.between(0, side), random.between(0, side)];
    for (let z = Math.max(0, Math.ceil(cz - radius)); z < Math.min(side, cz + radius); z++) {
      for (let y = Math.max(0, Math.ceil(cy - radius)); y < Math.min(side, cy + radius); y++) {
        for (let x = Math.max(0, Math.ceil(cx - radius)); x < Math.min(side, cx + radius); x++) {
          const at = (z * side + y) * side + x;
          if (mask[at] === 1 || (z - cz) ** 2 + (y - cy) ** 2 + (x - cx) ** 2 > radius * radius) continue;
          mask[at] = 1;
          filled++;
        }
      }
    }
  }
  return mask;
}

function noise(): Uint8Array {
  const random = seededRandom(2);
  return Uint8Array.from({ length: side ** 3 }, () => Number(random.uniform() < 0.5));
}

function rowsOf(scene: string, mask: Uint8Array): Row[] {
  const peers = Object.entries(peersOn(mask));
  return Object.entries(works).flatMap(([name, work]): Row[] => {
    const values = Array.from({ length: times }, () => {
      const start = performance.now();
      work(mask);
      return mask.length / 1e3 / (performance.now() - start);
    });
    const measured = { what: `${/\d/.test(name) ? `components, ${name} neighbours` : name}, ${scene} ${side}^3`, values };
    const beside = peers.filter(([peer]) => peer.startsWith(`${name}, `));
    if (beside.length === 0) return [{ bench: "components", unit: "MVx/s", measured }];
    return beside.map(([peer, speeds]) => ({ bench: "components", unit: "MVx/s", measured, reference: { what: peer.slice(name.length + 2), values: speeds } }));
  });
}

function peersOn(mask: Uint8Array): Record<string, number[]> {
  const python = process.env["MASKLET_CLASSICAL_PYTHON"];
  if (!python) return {};
  const folder = mkdtempSync(join(tmpdir(), "masklet-bench-"));
  try {
    const file = join(folder, "mask.raw");
    writeFileSync(file, mask);
    const script = fileURLToPath(new URL("../../fixtures/make/classical/bench_components.py", import.meta.url));
    const { stdout, status } = spawnSync(python, [script, file, `${side}`, `${times}`], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    if (status !== 0) throw new Error(`${python} could not run ${script}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
