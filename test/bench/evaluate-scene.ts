// Two label images of any size: ellipsoids of many turns on a loose lattice, and the same a little off, some lost, joined or cut.
import { seededRandom } from "../../fixtures/make/seeded-random.ts";

const step = 32;

export interface EvaluateScene {
  readonly truth: Uint16Array;
  readonly prediction: Uint16Array;
}

/** @param side of the cube, a multiple of 32 up to 1280, so that ids are uint16 */
export function evaluateScene(side: number): EvaluateScene {
  const random = seededRandom(20261125);
  const scene = { truth: new Uint16Array(side ** 3), prediction: new Uint16Array(side ** 3) };
  const along = side / step;
  for (let id = 1; id <= along ** 3; id++) {
    const cell = [Math.floor((id - 1) / (along * along)), Math.floor((id - 1) / along) % along, (id - 1) % along];
    const middle = cell.map((at) => step * at + random.between(12, 20));
    const radii = [random.between(9, 17), random.between(7, 13), random.between(3, 9)];
    const axes = turn([random.between(0, Math.PI), random.between(0, Math.PI), random.between(0, Math.PI)]);
    draw(scene.truth, side, middle, radii, axes, () => id);
    const fate = random.uniform();
    const moved = middle.map((at) => at + random.between(-1.5, 1.5));
    const grown = radii.map((radius) => radius * random.between(0.9, 1.12));
    if (fate >= 0.05) draw(scene.prediction, side, moved, grown, axes, (x) => (fate < 0.1 ? Math.max(1, id - 1) : fate < 0.15 && x < moved[2]! ? along ** 3 + id : id));
  }
  for (let speck = 0; speck < side; speck++) scene.prediction[random.whole(0, side ** 3 - 1)] = 2 * along ** 3 + speck + 1;
  return scene;
}

function draw(ids: Uint16Array, side: number, middle: readonly number[], radii: readonly number[], axes: readonly (readonly number[])[], idAt: (x: number) => number): void {
  const reach = Math.ceil(Math.max(...radii));
  const [z0, y0, x0, z1, y1, x1] = [...middle.map((at) => Math.max(0, Math.floor(at) - reach)), ...middle.map((at) => Math.min(side - 1, Math.ceil(at) + reach))];
  for (let z = z0!; z <= z1!; z++) for (let y = y0!; y <= y1!; y++) for (let x = x0!; x <= x1!; x++) {
    const away = [z - middle[0]!, y - middle[1]!, x - middle[2]!];
    let sum = 0;
    for (let axis = 0; axis < 3; axis++) sum += ((axes[axis]![0]! * away[0]! + axes[axis]![1]! * away[1]! + axes[axis]![2]! * away[2]!) / radii[axis]!) ** 2;
    if (sum <= 1) ids[(z * side + y) * side + x] = idAt(x);
  }
}

/** Three unit vectors at right angles, by turning about x, y and z. */
function turn([a, b, c]: readonly [number, number, number]): number[][] {
  const [sa, ca, sb, cb, sc, cc] = [Math.sin(a), Math.cos(a), Math.sin(b), Math.cos(b), Math.sin(c), Math.cos(c)];
  return [[ca * cb, sa * cb, -sb], [ca * sb * sc - sa * cc, sa * sb * sc + ca * cc, cb * sc], [ca * sb * cc + sa * sc, sa * sb * cc - ca * sc, cb * cc]];
}
