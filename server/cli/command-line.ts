// The command as it was typed, for those who want to do the same again.

/** Arguments with anything a shell would read as its own in quotes. */
export function commandLine(args: readonly string[] = process.argv.slice(2)): string {
  return ["masklet", ...args].map((word) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
