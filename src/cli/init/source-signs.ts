import type { SourceFile } from "./project-files.ts";

/** What sources give away about how they listen. Patterns, not understanding: each sign only leads to a line in the config or a note. */
export interface SourceSigns {
  readonly readsPort: boolean;
  /** A port written into the code. */
  readonly fixedPort: { readonly place: string; readonly port: number } | undefined;
  readonly healthPath: string | undefined;
  readonly readsDatabaseUrl: boolean;
}

export function findSourceSigns(sources: readonly SourceFile[]): SourceSigns {
  const texts = sources.map(({ text }) => text);
  return {
    readsPort: texts.some((text) =>
      /\benv(\.|\[["'])PORT\b|\{[^}]*\bPORT\b[^}]*\}\s*=\s*process\.env|(get|env)\w*\(["']PORT["']/.test(text),
    ),
    fixedPort: first(sources, fixedPortIn),
    healthPath: findHealthPath(texts),
    readsDatabaseUrl: texts.some((text) => /\bDATABASE_URL\b/.test(text)),
  };
}

const fixedPort =
  /\blisten\(\s*(\d{2,5})\b|\b(?:listen|serve)\(\s*\{[^}]*\bport:\s*(\d{2,5})\b|\bport\s*=\s*(\d{2,5})\b/i;

function fixedPortIn({ path, text }: SourceFile): { place: string; port: number } | undefined {
  const match = fixedPort.exec(text);
  if (match === null) return undefined;
  const line = text.slice(0, match.index).split("\n").length;
  return { place: `${path}:${line}`, port: Number(match[1] ?? match[2] ?? match[3]) };
}

/** Readiness before health before liveness: the gateway asks whether an instance can take requests. */
const healthNames = [
  "readyz",
  "ready",
  "readiness",
  "healthz",
  "health",
  "healthcheck",
  "health-check",
  "livez",
  "live",
  "liveness",
];

function findHealthPath(texts: readonly string[]): string | undefined {
  for (const name of healthNames) {
    const literal = new RegExp(`["'\`]((?:/[\\w.-]+)*/${name})["'\`]`);
    const found = first(texts, (text) => literal.exec(text)?.[1]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
