import type { ClientAnswer } from "../../../support/cache/wire-client.ts";

/** What is said to one user carries his mark, in the body and in fields; whoever else is found to have it has been told what was not for him. */
export function mark(of: string): string {
  return `<of ${of}>`;
}

export function marksIn({ fields, body }: ClientAnswer): Set<string> {
  const text = fields.map(([name, value]) => `${name}: ${value}\n`).join("") + body;
  return new Set([...text.matchAll(/<of ([\w-]+)>/g)].map(([, of]) => of!));
}
