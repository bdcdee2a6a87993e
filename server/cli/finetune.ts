// masklet finetune: a SAM 2 network learns from a training set, in Python; its weights come back as a file, and as a model when asked.
import type { ChildEvent, DiceByKind } from "#training/child-event.ts";
import { baseCheckpoint } from "#training/base-checkpoint.ts";
import type { BaseFile } from "#training/base-checkpoint.ts";
import { trainingPython } from "#training/environment.ts";
import { installEnvironment } from "#training/install-environment.ts";
import { runTraining } from "#training/run-child.ts";
import { createModelStore } from "#models/registry/store.ts";
import { MaskletError } from "#protocol/errors.ts";
import type { CommandContext } from "./command.ts";
import { readFinetuneOrder } from "./finetune-order.ts";
import type { FinetuneOrder } from "./finetune-order.ts";
import { modelLine } from "./models.ts";
import type { Options } from "./options.ts";
import type { Terminal } from "./terminal.ts";

export { finetuneOptions } from "./finetune-order.ts";

const kinds: Readonly<Record<string, string>> = { box: "one box, one plane", click: "one click, one plane", clip_box: "one box, clip", clip_click: "one click, clip" };

/**
 * @throws usage, file_missing, tool_missing, disk_too_small, install_failed, base_unavailable, dataset_invalid, finetune_resume,
 *   finetune_diverged, finetune_failed, cancelled (a checkpoint has been saved), and what reading a checkpoint and `models add` throw
 */
export async function runFinetune(options: Options, context: CommandContext): Promise<void> {
  const { terminal, home, signal } = context;
  const named = process.env["MASKLET_PYTHON"] || undefined;
  if (options.flag("install")) {
    const python = await installEnvironment({ home, named, device: options.choice("device", ["auto", "cpu", "cuda"]), signal, say: (text) => terminal.say(text) });
    return terminal.result(`Ready: ${python}`, { python });
  }
  const order = await readFinetuneOrder(options);
  const python = await trainingPython(home, named, signal);
  const base = order.base === undefined ? [] : baseArgs(await baseCheckpoint(order.base, home, { signal, onProgress: terminal.progress(`reading ${order.base}`) }));
  const end = await runTraining({
    python, args: [...order.args, ...base], signal, onEvent: shown(terminal),
    ...(process.env["MASKLET_DEBUG"] ? { onError: (text: string) => terminal.say(text.trimEnd()) } : {}),
  });
  if (end.event === "stopped") {
    if (end.run !== undefined) terminal.say(`Stopped${end.step === undefined ? "" : ` after step ${end.step}`}. Go on with: masklet finetune --resume ${end.run}`);
    throw MaskletError.of("cancelled", { ...(end.run === undefined ? {} : { run: end.run }), ...(end.step === undefined ? {} : { step: end.step }) });
  }
  const { event: _event, ...told } = end;
  const stem = end.output.replace(/\.safetensors$/, "");
  const files = { weights: end.output, card: `${stem}.md`, curves: `${stem}.curves.csv`, picture: `${stem}.curves.png` };
  const added = await install(order, end.output, context);
  terminal.result(summary(told, files, added?.line), { ...told, files, ...(added === undefined ? {} : { model: added.model }) });
}

function baseArgs({ path, licence }: BaseFile): string[] {
  return ["--base", path, ...(licence === undefined || licence === "licence not stated" ? [] : ["--base-licence", licence])];
}

async function install({ add }: FinetuneOrder, source: string, { home, terminal, signal }: CommandContext) {
  if (add === undefined) return undefined;
  const { model } = await createModelStore({ home, onLog: (line) => terminal.say(line) }).add({ source, id: add, int8: false }, { signal, onProgress: terminal.progress(`installing ${add}`) });
  return { model, line: modelLine(model) };
}

/** One bar for the whole training, that says loss, Dice and the time left; a line for each check where there is no bar to redraw. */
function shown(terminal: Terminal): (event: ChildEvent) => void {
  const at = { loss: NaN, dice: NaN, secondsLeft: NaN };
  const bar = terminal.progress(() => `training (loss ${shortly(at.loss)}, held-out Dice ${shortly(at.dice)}, ${duration(at.secondsLeft)} left)`);
  return (event) => {
    switch (event.event) {
      case "started":
        return terminal.say(`${(event.parameters / 1e6).toFixed(1)} M parameters learn on ${event.device} from ${event.objects} objects${event.clip > 1 ? ` in clips of ${event.clip} planes` : ""}; ${event.heldOut} are held back. Its state is kept in ${event.run}`);
      case "step":
        Object.assign(at, { loss: event.loss, dice: event.dice, secondsLeft: event.secondsLeft });
        return bar({ done: event.step, total: event.steps, unit: "steps" });
      case "checked":
        return terminal.say(`step ${event.step}: held-out Dice ${shortly(event.dice)} (${diceLine(event.kinds)})`);
      case "note":
        return terminal.say(event.text);
      default:
    }
  };
}

function shortly(value: number): string {
  return Number.isNaN(value) ? "-" : value.toFixed(3);
}

function duration(seconds: number): string {
  if (Number.isNaN(seconds)) return "some time";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function diceLine(dice: DiceByKind): string {
  return Object.entries(dice).map(([kind, value]) => `${kinds[kind] ?? kind} ${shortly(value)}`).join("; ");
}

interface Told {
  readonly step: number;
  readonly bestStep: number;
  readonly ended: string;
  readonly split: string;
  readonly objects: number;
  readonly before: DiceByKind;
  readonly after: DiceByKind;
}

function summary({ step, bestStep, ended, split, objects, before, after }: Told, files: Readonly<Record<string, string>>, model: string | undefined): string {
  const why = ended === "patience" ? ", where it no longer got better" : "";
  const which = bestStep === 0 ? "no check was better than the base, so the weights are the base's: try a lower --rate, or more images" : `the weights are those of step ${bestStep}`;
  return [
    `Trained ${step} steps${why}; ${which}. Dice on ${objects} objects held back (${split}):`,
    ...Object.entries(after).map(([kind, value]) => `  ${kinds[kind] ?? kind}: ${shortly(before[kind] ?? NaN)} before, ${shortly(value)} after`),
    `Written: ${Object.values(files).join(", ")}`,
    model ?? `Install it with: masklet models add ${files["weights"]}`,
  ].join("\n");
}
