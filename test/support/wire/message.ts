/**
 * A message as it stood on the wire, latin1, and the strictest reading of its head. Of this project's own making and kept apart from
 * `src` and from Node's parser: what judges them must not share their mistakes.
 */
export type Field = readonly [name: string, value: string];

export interface WireMessage {
  /** Method, target, version; or version, status, reason. */
  readonly start: readonly [string, string, string];
  readonly fields: readonly Field[];
  /** How its end is known. `opaque`: what follows is another protocol. */
  readonly framing: Framing;
  body: string;
  trailers: readonly Field[];
  isComplete: boolean;
}

export type Framing = "none" | "length" | "chunked" | "close" | "opaque";

/** RFC 9112 §5 without line folding: the name is a token right before the colon, the value holds no control bytes but tabs. */
const fieldLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*?)[\t ]*$/;

/** Why bytes are no message. Not an error: most of what is read here is meant to be broken. */
export class Fault {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export function parseFields(lines: readonly string[]): Field[] | Fault {
  const fields: Field[] = [];
  for (const line of lines) {
    const match = fieldLine.exec(line);
    if (match === null) return new Fault(`field line ${JSON.stringify(line.slice(0, 100))}`);
    fields.push([match[1]!, match[2]!]);
  }
  return fields;
}

/** All values of a name, in their order. */
export function valuesOf(fields: readonly Field[], name: string): string[] {
  const values: string[] = [];
  for (const [each, value] of fields)
    if (each.length === name.length && each.toLowerCase() === name) values.push(value);
  return values;
}

/** The announced length of a body; `undefined`: none is announced. Two lengths, in any spelling, are a fault. */
export function lengthOf(fields: readonly Field[]): number | "chunked" | undefined | Fault {
  const lengths = valuesOf(fields, "content-length");
  const codings = valuesOf(fields, "transfer-encoding");
  if (codings.length > 0) {
    if (lengths.length > 0) return new Fault("both Content-Length and Transfer-Encoding");
    if (codings.length === 1 && codings[0]!.toLowerCase() === "chunked") return "chunked";
    return new Fault(`Transfer-Encoding ${JSON.stringify(codings)}`);
  }
  if (lengths.length === 0) return undefined;
  if (lengths.length === 1 && /^\d{1,15}$/.test(lengths[0]!)) return Number(lengths[0]);
  return new Fault(`Content-Length ${JSON.stringify(lengths)}`);
}
