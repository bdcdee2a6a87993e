// The Python tests of this folder, where there is a Python that can train.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { trainingPython } from "../test/tools.ts";
import { runProgram } from "./run-program.ts";

const { python, skip } = trainingPython();
const folder = fileURLToPath(new URL("tests", import.meta.url));

for (const name of ["test_parts", "test_scene_source", "test_team", "test_training"]) {
  test(`${name}.py`, { skip }, async () => {
    const { code, err } = await runProgram(python, ["-B", "-m", "unittest", "discover", "-s", folder, "-p", `${name}.py`], { env: { OMP_NUM_THREADS: "1" } });
    assert.equal(code, 0, err);
    assert.match(err, /Ran \d+ tests/);
  });
}

test("scenes", { skip }, async () => {
  const top = fileURLToPath(new URL(".", import.meta.url));
  const { code, err } = await runProgram(python, ["-B", "-m", "unittest", "discover", "-s", join(top, "scenes", "tests"), "-t", top], { env: { OMP_NUM_THREADS: "1" } });
  assert.equal(code, 0, err);
  assert.match(err, /Ran \d\d tests/);
});
