const mark = "\0";

/**
 * The value of an environment variable, from the real environment or the env files beside the config. One that is missing, and has no
 * fallback, makes the config wrong: `tenfold` then names every place that needs it.
 *
 * @example
 * ```ts
 * export default defineConfig({
 *   services: { api: { command: "node src/server.ts", env: { JWT_SECRET: env("JWT_SECRET"), REGION: env("REGION", "eu") } } },
 * });
 * ```
 */
export function env(name: string, fallback?: string): string {
  return process.env[name] ?? fallback ?? `${mark}tenfold:missing:${name}${mark}`;
}

/** The variable that `env` did not find for this text, also when the text was built around it. */
export function missingVariable(text: string): string | undefined {
  return /\0tenfold:missing:([^\0]*)\0/.exec(text)?.[1];
}
