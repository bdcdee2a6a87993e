import assert from "node:assert/strict";
import test from "node:test";
import { edgeReason, frontsOf, isWalked, mayWalk, startFront, type Front, type Gap } from "./gap.ts";

// Fronts over a scripted world: on each plane, from each side, an object is seen, hidden, or ends.
type Seen = "mask" | "hidden" | "lost";
interface World {
  readonly forward: readonly Seen[];
  readonly backward: readonly Seen[];
}

const window = { u0: 0, v0: 0, width: 8, height: 8 };
const lane = { start: 0, end: 40, size: 40 };

function makeGap(start: number, end: number, left: boolean, right: boolean): Gap {
  return { start, end, left: left ? startFront("forward", start - 1, window) : undefined, right: right ? startFront("backward", end, window) : undefined };
}

function step(world: World, front: Front, told: string[]): void {
  const seen = world[front.direction][front.next]!;
  if (seen === "lost") {
    front.reason = "lost";
    return;
  }
  if (seen === "mask") {
    told.push(`${front.direction} ${front.next}`);
    front.last = front.next;
  }
  front.next += front.direction === "forward" ? 1 : -1;
}

function outcome(gap: Gap, told: readonly string[]): unknown {
  return { told: [...told].sort(), ends: frontsOf(gap).map((front) => [front.direction, front.last, front.reason ?? edgeReason(lane, gap, front)]) };
}

/** The slow oracle: two fronts that take one step each in turn until they meet or have ended. */
function inTurn(gap: Gap, world: World): unknown {
  const told: string[] = [];
  const { left, right } = gap;
  const free = (front: Front): boolean => {
    if (front.reason !== undefined) return false;
    const low = left === undefined ? gap.start : left.reason === undefined ? left.next : left.last + 1;
    const high = right === undefined ? gap.end : right.reason === undefined ? right.next + 1 : right.last;
    return front.next >= low && front.next < high;
  };
  while (frontsOf(gap).some(free)) for (const front of frontsOf(gap)) if (free(front)) step(world, front, told);
  return outcome(gap, told);
}

/** As a run does it: one direction as far as it may, then the other, and so on. */
function inSweeps(gap: Gap, world: World): unknown {
  const told: string[] = [];
  while (!isWalked(gap)) for (const front of frontsOf(gap)) while (mayWalk(gap, front)) step(world, front, told);
  return outcome(gap, told);
}

/** Park and Miller's generator: every run tries the same worlds. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

test("swept one direction after the other, a gap comes to what two fronts in turn come to", () => {
  const random = seeded(7);
  for (let world = 0; world < 4000; world++) {
    const start = 1 + random(5);
    const end = start + random(9);
    const rarely = 2 + random(12);
    const seen = (): Seen[] => Array.from({ length: 20 }, () => (random(rarely) === 0 ? "lost" : random(rarely) === 0 ? "hidden" : "mask"));
    const script: World = { forward: seen(), backward: seen() };
    const [left, right] = [random(5) > 0, random(5) > 0];
    assert.deepEqual(inSweeps(makeGap(start, end, left, right), script), inTurn(makeGap(start, end, left, right), script), `world ${world}: ${start} to ${end}, ${JSON.stringify(script)}`);
  }
});

test("the lower front has the larger half; it goes on only where the upper one ended by itself", () => {
  const gap = makeGap(3, 8, true, true);
  const reach = (front: Front): number[] => {
    const planes: number[] = [];
    for (; mayWalk(gap, front); front.next += front.direction === "forward" ? 1 : -1) planes.push((front.last = front.next));
    return planes;
  };
  assert.deepEqual(reach(gap.left!), [3, 4, 5]);
  assert.deepEqual(reach(gap.right!), [7, 6]);
  assert.ok(isWalked(gap));
  gap.right!.reason = "lost";
  gap.right!.last = 7;
  assert.deepEqual(reach(gap.left!), [6]);
});
