import { basename } from "node:path";
import { styleText } from "node:util";
import { foundText } from "./found.ts";
import type { LoadedConfig } from "./load.ts";
import { type Leaf, leavesOf, originText } from "./origin.ts";
import { pathText } from "./problem.ts";

/** One value of a config, for people: units as they are written, secrets masked. */
export interface ExplainedValue {
  /** `"services.api.health.interval"`. */
  readonly path: string;
  readonly value: string;
  /** `"default"`, `"tenfold.config.ts"`, `"environment variable DATABASE_URL (from .env.local)"`, `"--port"`. */
  readonly origin: string;
}

/** Every value with where it came from; at the end what the file says in vain. */
export function explainConfig(loaded: Pick<LoadedConfig, "file" | "filled" | "origins" | "ignored">): ExplainedValue[] {
  const explain = ({ path: steps, value }: Leaf, origin?: string): ExplainedValue => {
    const path = pathText(steps);
    return { path, value: foundText(value, path), origin: origin ?? originText(loaded.origins.get(path)!) };
  };
  const inVain = `${basename(loaded.file)}, ignored: DATABASE_URL is set`;
  return [
    ...leavesOf(loaded.filled).map((leaf) => explain(leaf)),
    ...loaded.ignored.map((leaf) => explain(leaf, inVain)),
  ];
}

/** The values as a table; those that are not defaults stand out. */
export function formatExplained(
  values: readonly ExplainedValue[],
  { colour = false }: { readonly colour?: boolean } = {},
): string {
  const width = (column: "path" | "value", most: number): number =>
    Math.min(most, Math.max(...values.map((each) => each[column].length)));
  const [paths, shown] = [width("path", 48), width("value", 40)];
  return values
    .map(({ path, value, origin }) => {
      const line = `${path.padEnd(paths)}  ${value.padEnd(shown)}  ${origin}`;
      if (!colour) return line;
      return styleText(origin === "default" ? "dim" : "bold", line, { validateStream: false });
    })
    .join("\n");
}
