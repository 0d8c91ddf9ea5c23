/** Says to a service that it may do less for this request. Of a request that comes in, only trusted callers may say it. */
const name = "x-tenfold-brownout";
const line = new RegExp(`^${name}:.*\\r\\n`, "gim");

export const brownoutField = {
  /** @param fields name, value, name, value */
  addTo(fields: readonly string[]): string[] {
    const others = fields.filter((_, i) => fields[i - (i % 2)]!.toLowerCase() !== name);
    return [...others, name, "1"];
  },

  /** @param lines with their CRLF */
  addToLines(lines: string): string {
    return `${name}: 1\r\n${lines.replace(line, "")}`;
  },
};
