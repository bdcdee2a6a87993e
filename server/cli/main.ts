// The command line: finds the command, runs it, and ends with the settled exit codes.
import { homedir } from "node:os";
import { join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { packageVersion } from "../version.ts";
import type { CommandContext } from "./command.ts";
import { helpText } from "./help.ts";
import { interruptSignal } from "./interrupt.ts";
import { readOptions, type OptionKinds, type Options } from "./options.ts";
import { openTerminal } from "./terminal.ts";

interface Command {
  readonly options: OptionKinds;
  /** May answer an exit code: a command that did its work, and found what it looked at wanting. */
  run(options: Options, context: CommandContext): Promise<number | void>;
}

/** Loaded when called for, so that `masklet serve` listens before the rest is read. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => {
    const { runServe, serveOptions } = await import("./serve.ts");
    return { options: serveOptions, run: runServe };
  },
  models: async () => {
    const { runModels, modelsOptions } = await import("./models.ts");
    return { options: modelsOptions, run: runModels };
  },
  propagate: async () => {
    const { runPropagate, propagateOptions } = await import("./propagate.ts");
    return { options: propagateOptions, run: runPropagate };
  },
  automask: async () => {
    const { runAutomask, automaskOptions } = await import("./automask.ts");
    return { options: automaskOptions, run: runAutomask };
  },
  segment: async () => {
    const { runSegment } = await import("./segment.ts");
    const { segmentOptions } = await import("./segment-order.ts");
    return { options: segmentOptions, run: (options, context) => runSegment(options, context) };
  },
  recipes: async () => {
    const { runRecipes, recipesOptions } = await import("./recipes.ts");
    return { options: recipesOptions, run: (options, context) => runRecipes(options, context) };
  },
  combine: async () => {
    const { runCombine, combineOptions } = await import("./combine.ts");
    return { options: combineOptions, run: runCombine };
  },
  split: async () => {
    const { runSplit, splitOptions } = await import("./split.ts");
    return { options: splitOptions, run: runSplit };
  },
  interpolate: async () => {
    const { runInterpolate, interpolateOptions } = await import("./interpolate.ts");
    return { options: interpolateOptions, run: runInterpolate };
  },
  export: async () => {
    const { runExport, exportOptions } = await import("./export.ts");
    return { options: exportOptions, run: runExport };
  },
  measure: async () => {
    const { runMeasure } = await import("./measure.ts");
    const { measureOptions } = await import("./measure-order.ts");
    return { options: measureOptions, run: runMeasure };
  },
  evaluate: async () => {
    const { runEvaluate, evaluateOptions } = await import("./evaluate.ts");
    return { options: evaluateOptions, run: runEvaluate };
  },
  dataset: async () => {
    const { runDataset, datasetOptions } = await import("./dataset.ts");
    return { options: datasetOptions, run: runDataset };
  },
  finetune: async () => {
    const { runFinetune, finetuneOptions } = await import("./finetune.ts");
    return { options: finetuneOptions, run: runFinetune };
  },
  doctor: async () => {
    const { runDoctor, doctorOptions } = await import("./doctor.ts");
    return { options: doctorOptions, run: runDoctor };
  },
};

async function main(args: readonly string[]): Promise<number> {
  const terminal = openTerminal(args.includes("--json"), process.stdout, process.stderr);
  const [name, ...rest] = args;
  if (name === "--version") return void process.stdout.write(`${packageVersion()}\n`), 0;
  if (name === undefined || args.includes("--help") || name === "help") {
    (name === undefined ? process.stderr : process.stdout).write(helpText);
    return name === undefined ? 2 : 0;
  }
  const signal = interruptSignal(process, process.exit, () => performance.now());
  try {
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load === undefined) throw MaskletError.of("usage", { why: `There is no command "${name}".` });
    const command = await load();
    const home = process.env["MASKLET_HOME"] || join(homedir(), ".masklet");
    const token = process.env["MASKLET_TOKEN"] || undefined;
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) throw MaskletError.of("usage", { why: "MASKLET_TOKEN has a blank or a character that no header can carry; choose letters, digits and signs." });
    return (await command.run(readOptions(rest, command.options), { terminal, home, token, signal })) ?? 0;
  } catch (thrown) {
    return terminal.fail(thrown);
  }
}

process.exitCode = await main(process.argv.slice(2));
