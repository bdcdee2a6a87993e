// The views of one run: lanes that look at one plane through one window, one after another, share what was rendered.
import type { View } from "#models/tracker.ts";
import type { Scene, Views } from "./contract.ts";
import { renderView } from "./view.ts";

/** Keeps the last view only: whoever walks many lanes asks plane by plane and window by window. */
export function createViews({ source, view: frozen }: Scene): Views {
  let last: { readonly name: string; readonly view: View } | undefined;
  return {
    async view(cut, window, signal) {
      const name = JSON.stringify([cut.axis, cut.index, cut.t, cut.c, window.u0, window.v0, window.width, window.height]);
      if (last?.name !== name) last = { name, view: await renderView(source, frozen, cut, window, signal) };
      return last.view;
    },
  };
}
