// Questions to the oracle ImagejThresholds.
import { prepareOracles } from "./prepare.ts";

/**
 * Java's compiler has a logarithm of its own, whose last digit may differ from the one that its class library and JavaScript share, and
 * that digit decides between splits that are equal otherwise.
 */
const sameLogarithm = ["-XX:+UnlockDiagnosticVMOptions", "-XX:DisableIntrinsic=_dlog,_dlog10"];

export function histogramLine(counts: ArrayLike<number>): string {
  return `histogram ${Array.from(counts).join(" ")}`;
}

export function imageLine(bits: 8 | 16 | 32, values: ArrayLike<number>): string {
  return `image ${bits} ${Array.from(values).join(" ")}`;
}

/** An answer a line; methods that fail in ImageJ have null. */
export function askThresholds(lines: readonly string[]): Record<string, unknown>[] {
  const printed = prepareOracles().java("ImagejThresholds", [], lines.join("\n"), sameLogarithm);
  // ImageJ itself prints a line where a method finds nothing.
  return printed.split("\n").filter((line) => line.startsWith("{")).map((line): Record<string, unknown> => JSON.parse(line));
}
