// Text that stays text in HTML and SVG, whatever is in it.

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** For content and for attributes in quotes. Control characters, which no document may hold, are left out. */
export function pageText(text: string): string {
  // Through bytes and back, so that half a surrogate pair becomes the replacement character.
  return Buffer.from(text).toString().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, "").replace(/[&<>"']/g, (letter) => escapes[letter]!);
}
