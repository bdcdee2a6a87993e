// The models on this machine: which are known, which are here, and whether their files are still what was installed.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, asMaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Model, Watch } from "#protocol/types.ts";
import type { InstalledModel } from "../installed-model.ts";
import { autoOrder } from "./auto-order.ts";
import { models } from "./catalogue.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { checkHashes, stampOf } from "./check-files.ts";
import type { OpenForCompiling } from "./checkpoint-compiler.ts";
import { openSam2ForCompiling } from "./compile-checkpoint.ts";
import { compileEmbedded } from "./compile-embedded.ts";
import { boxOf, candidateOf, describeModel, familyOf, installedPart, smallestToPull } from "./describe-model.ts";
import { embeddedFolder, openEmbedded, requireSound } from "./embedded.ts";
import { installCheckpoint } from "./install-checkpoint.ts";
import type { CheckpointRequest, InstallWatch } from "./install-checkpoint.ts";
import { installPackage } from "./install-package.ts";
import { knownModels } from "./known-models.ts";

export interface ModelStore {
  /**
   * Those of the catalogue, then those that were added. One whose description is damaged is installed with integrity `missing`.
   * What comes with the package counts as installed; it is compiled when it is first opened.
   */
  list(): Promise<Model[]>;
  /**
   * Downloads (what comes with the package needs none), compiles where that is needed, and installs; what was installed before stays until the new files are complete.
   * @throws model_unknown, download_failed, disk_full, embedded_damaged, file_not_written, cancelled, and what add throws
   */
  pull(id: string, watch?: InstallWatch): Promise<Model>;
  /**
   * Installs a checkpoint from a file or an address. The same content with the same settings again does nothing.
   * @throws usage, model_exists, download_failed, file_missing, checkpoint_invalid, checkpoint_unsupported, checkpoint_mismatch,
   *   checkpoint_metadata, image_size_invalid, weights_not_finite, disk_full, file_not_written, cancelled
   */
  add(request: CheckpointRequest, watch?: InstallWatch): Promise<{ readonly model: Model; readonly already: boolean }>;
  /** The id that a wish means; `auto-order.ts` says what `auto` does. @throws model_unknown, model_not_installed, embedded_damaged */
  resolveModel(wish: string): Promise<string>;
  /**
   * Checks sizes each time and SHA-256 once per store.
   * @throws model_unknown, model_not_installed, model_damaged, and of what comes with the package what compiling it throws
   */
  open(id: string): Promise<InstalledModel>;
  /** Hashes every file again, also what came with the package. @throws as open does, and cancelled */
  check(id: string, watch?: Watch): Promise<InstalledModel>;
  /** Of what comes with the package, only what was compiled: it is made again when it is needed. @throws model_unknown, model_not_installed */
  remove(id: string): Promise<void>;
}

export interface ModelStoreOptions {
  /** MASKLET_HOME. Models lie in its folder `models`. */
  readonly home: string;
  readonly catalogue?: readonly CatalogueEntry[];
  readonly openForCompiling?: OpenForCompiling;
  /** Whether this machine runs large networks quickly: then `auto` means the best one, else the quickest. Default: whether MASKLET_PROVIDER asks for cuda. */
  readonly fast?: boolean;
  /** Where the weights lie that come with the package. Default: `embeddedFolder()`. */
  readonly embedded?: string;
  /** Warnings, a line each. */
  readonly onLog?: (line: string) => void;
}

export function createModelStore(options: ModelStoreOptions): ModelStore {
  const catalogue = options.catalogue ?? models;
  const root = join(options.home, "models");
  const onLog = options.onLog ?? (() => {});
  const around = { root, catalogue, openForCompiling: options.openForCompiling ?? openSam2ForCompiling, onLog };
  const embedded = openEmbedded(options.embedded ?? embeddedFolder(), onLog);
  const known = knownModels(root, catalogue, embedded);
  const checked = new Map<string, { stamp: string; model: InstalledModel }>();

  const describe = async (id: string): Promise<Model> => describeModel(await known.look(id), await embedded.scores());

  /** Compiles what comes with the package, where that is needed. @param anew although it seems to be there. @returns whether it comes with it */
  async function prepare(id: string, anew: boolean, watch: Watch): Promise<boolean> {
    const model = await known.look(id);
    const box = boxOf(model);
    if (model.entry === undefined || box === undefined) return false;
    if (!anew && installedPart(model) !== undefined) return true;
    await compileEmbedded(root, model.entry, box, model.manifest === "damaged" ? undefined : model.manifest, around.openForCompiling, watch);
    checked.delete(id);
    return true;
  }

  async function check(id: string, watch: Watch): Promise<InstalledModel> {
    const isBox = await prepare(id, false, watch);
    try {
      return await checkFiles(id, watch);
    } catch (thrown) {
      const fault = asMaskletError(thrown);
      if (!isBox || fault.code !== "model_damaged") throw fault;
      onLog(`${fault.message} It comes with Masklet and is made again.`);
      await prepare(id, true, watch);
      return checkFiles(id, watch);
    }
  }

  async function checkFiles(id: string, watch: Watch): Promise<InstalledModel> {
    const manifest = await known.installed(id);
    const folder = join(root, id);
    const stamp = await stampOf(id, folder, manifest);
    const before = checked.get(id);
    if (before?.stamp === stamp) return before.model;
    await checkHashes(id, folder, manifest, watch);
    const model = {
      id, family: familyOf(catalogue.find((one) => one.id === id), manifest), folder, hash: manifest.files.map((file) => file.sha256.slice(0, 16)).join(""),
      random: manifest.compiled?.metadata["masklet.random"] === "true",
    };
    checked.set(id, { stamp, model });
    return model;
  }

  async function add(request: CheckpointRequest, watch: InstallWatch): Promise<{ model: Model; already: boolean }> {
    const { id, already } = await installCheckpoint(request, around, watch);
    if (!already) checked.delete(id);
    return { model: await describe(id), already };
  }

  async function auto(): Promise<string> {
    const candidates = (await Promise.all((await known.ids()).map(known.look))).flatMap(candidateOf);
    const best = autoOrder(candidates, catalogue, options.fast ?? process.env["MASKLET_PROVIDER"] === "cuda", await embedded.scores())[0];
    if (best === undefined) throw MaskletError.of("model_not_installed", { model: smallestToPull(catalogue)?.id ?? "auto" });
    return best.id;
  }

  return {
    async list() {
      const scores = await embedded.scores();
      const models = await Promise.all((await known.ids()).map(known.look));
      return models.filter(({ entry, manifest }) => entry !== undefined || manifest !== undefined).map((one) => describeModel(one, scores));
    },
    async pull(id, watch = {}) {
      const { entry } = await known.look(id);
      if (entry === undefined) throw await known.unknown(id);
      throwIfCancelled(watch.signal);
      switch (entry.source.kind) {
        case "checkpoint":
          return (await add({ source: entry.source.address, id, int8: false }, watch)).model;
        case "embedded":
          watch.onPart?.("compiling");
          await check(id, watch);
          break;
        case "package":
          await installPackage(root, entry, entry.source, watch);
          checked.delete(id);
      }
      return describe(id);
    },
    add: (request, watch = {}) => add(request, watch),
    async resolveModel(wish) {
      if (wish === "auto") return auto();
      const model = await known.look(wish);
      const box = boxOf(model);
      if (box === undefined) await known.installed(wish);
      else if (installedPart(model) === undefined) requireSound(wish, box);
      return wish;
    },
    open: (id) => check(id, {}),
    async check(id, watch = {}) {
      checked.delete(id);
      const { entry } = await known.look(id);
      if (entry?.source.kind === "embedded") {
        const weights = await embedded.weights(id, entry.source, { anew: true });
        if (weights !== undefined) requireSound(id, weights);
      }
      return check(id, watch);
    },
    async remove(id) {
      // What is damaged can be removed as well.
      if (boxOf(await known.look(id)) === undefined) {
        await known.installed(id).catch((thrown: unknown) => {
          if (asMaskletError(thrown).code !== "model_damaged") throw thrown;
        });
      }
      checked.delete(id);
      await rm(join(root, id), { recursive: true, force: true });
    },
  };
}
