export interface Framework {
  readonly name: string;
  /** Listens on `$PORT` without a line of the project's own. */
  readonly readsPort?: boolean;
}

/** By the package that gives it away; frameworks that stand on others come first. */
const frameworks: readonly (readonly [string, Framework])[] = [
  ["@nestjs/core", { name: "Nest" }],
  ["next", { name: "Next", readsPort: true }],
  ["fastify", { name: "Fastify" }],
  ["hono", { name: "Hono" }],
  ["koa", { name: "Koa" }],
  ["express", { name: "Express" }],
];

export function detectFramework(
  dependencies: ReadonlySet<string>,
  sources: readonly { readonly text: string }[],
): Framework | undefined {
  const found = frameworks.find(([name]) => dependencies.has(name))?.[1];
  if (found !== undefined) return found;
  const isPlain = sources.some(({ text }) => /from ["'](node:)?http["']|require\(["'](node:)?http["']\)/.test(text));
  return isPlain ? { name: "node:http" } : undefined;
}
