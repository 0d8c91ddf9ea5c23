/** Colours and the like: SGR, ECMA-48 8.3.117. Written here as a group, so that it survives. */
const sgr = "(\\u001b\\[[0-9;:]*m)";
/** Other control sequences (CSI), and strings such as window titles and hyperlinks (OSC, DCS, APC, PM, SOS). */
const csi = "\\u001b\\[[0-?]*[ -/]*[@-~]";
const strings = "\\u001b[\\]PX^_][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?";
const others = "\\u001b[ -/]*[0-~]?";
/** C0 but for the tab, DEL, and C1. */
const control = "[\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f]";
const unprintable = new RegExp([sgr, csi, strings, others, control].join("|"), "g");
const suspicious = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;

/**
 * A line as it may be shown: what an instance prints must not be able to clear the reader's screen, move the cursor or retitle the
 * window. Colours stay. A progress bar, which goes back to the start of its line, shows what it said last.
 */
export function printable(line: string): string {
  if (!suspicious.test(line)) return line;
  const withoutEnd = line.endsWith("\r") ? line.slice(0, -1) : line;
  const last = withoutEnd.slice(withoutEnd.lastIndexOf("\r") + 1);
  return last.replaceAll(unprintable, (_, colour: string | undefined) => colour ?? "");
}
