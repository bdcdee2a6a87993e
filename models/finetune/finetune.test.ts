// The Python tests of this folder, where there is a Python that can train.
import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { finetunePython, skipWithout } from "../../test/tools.ts";
import { runProgram } from "./run-program.ts";

const folder = fileURLToPath(new URL("tests", import.meta.url));

for (const name of ["test_parts", "test_training"]) {
  test(`${name}.py`, { skip: skipWithout("python3 with torch") }, async () => {
    const { code, err } = await runProgram(finetunePython(), ["-B", "-m", "unittest", "discover", "-s", folder, "-p", `${name}.py`], { env: { OMP_NUM_THREADS: "1" } });
    assert.equal(code, 0, err);
    assert.match(err, /Ran \d+ tests/);
  });
}
