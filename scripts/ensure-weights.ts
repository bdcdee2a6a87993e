// Fetches the weights that the tests on real weights need, once. Run by `npm test` before the tests.
import { ensureWeights, weightsHome, weightsModel } from "../test/weights.ts";

const outcome = await ensureWeights();
process.stdout.write(`${weightsModel}: ${outcome} in ${weightsHome()}\n`);
