import { join } from "node:path";
import { detectFramework, type Framework } from "./framework.ts";
import { type PackageJson, parsePackageJson } from "./package-json.ts";
import { exists, readSources, readText } from "./project-files.ts";
import { findSourceSigns, type SourceSigns } from "./source-signs.ts";
import { entryCandidates, findStartCommand, type StartCommand } from "./start-command.ts";

/** What `tenfold init` found out about a folder. */
export interface DetectedProject {
  /** `"an Express app in TypeScript, started by scripts.start"`. */
  readonly summary: string;
  readonly framework: string | undefined;
  readonly packageManager: string;
  readonly isTypeScript: boolean;
  /** `undefined`: nothing that starts it was found. */
  readonly start: StartCommand | undefined;
  readonly health: string | undefined;
  readonly usesDatabase: boolean;
  /** What the user should know or change, as sentences. */
  readonly notes: readonly string[];
}

/** Looks at a project without running anything of it. */
export async function detectProject(directory: string): Promise<DetectedProject> {
  const manifest = await readText(directory, "package.json");
  const packageJson = manifest === undefined ? undefined : parsePackageJson(manifest);
  const dependencies = packageJson?.dependencies ?? new Set<string>();
  const sources = await readSources(directory);
  const framework = detectFramework(dependencies, sources);
  const packageManager = await detectPackageManager(directory);
  const start = findStartCommand({
    packageJson,
    packageManager,
    dockerfile: await readText(directory, "Dockerfile"),
    procfile: await readText(directory, "Procfile"),
    entries:
      packageJson === undefined && framework === undefined
        ? []
        : await presentOf(directory, entryCandidates(packageJson?.main, framework?.name === "Nest")),
  });
  const signs = findSourceSigns(sources);
  const isTypeScript =
    dependencies.has("typescript") ||
    (await exists(directory, "tsconfig.json")) ||
    sources.some(({ path }) => path.endsWith("ts"));
  const script = scriptOf(start);
  const isBuilt = script === undefined || (await exists(directory, script));
  return {
    summary: summarise(packageJson, framework, isTypeScript, start),
    framework: framework?.name,
    packageManager,
    isTypeScript,
    start,
    health: signs.healthPath,
    usesDatabase: await usesPostgres(directory, dependencies, signs),
    notes: [
      ...startNotes(packageJson, packageManager, start),
      ...(isBuilt ? [] : [`${script} does not exist yet: build first, as with \`${packageManager} run build\`.`]),
      ...portNotes(framework, signs, packageJson),
      ...(packageJson === undefined || dependencies.has("tenfold")
        ? []
        : [`\`${packageManager} ${addVerb(packageManager)} tenfold\` gives the editor the config's types.`]),
    ],
  };
}

async function presentOf(directory: string, paths: readonly string[]): Promise<string[]> {
  const present: string[] = [];
  for (const path of paths) if (await exists(directory, path)) present.push(path);
  return present;
}

async function detectPackageManager(directory: string): Promise<string> {
  const lockFiles = { "pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn", "bun.lock": "bun", "bun.lockb": "bun" };
  for (const [file, manager] of Object.entries(lockFiles)) if (await exists(directory, file)) return manager;
  return "npm";
}

function addVerb(packageManager: string): string {
  return packageManager === "npm" ? "install --save-dev" : "add -D";
}

/** Drivers of Postgres alone, and tools that speak to it by `DATABASE_URL` when no other database's driver is there. */
async function usesPostgres(
  directory: string,
  dependencies: ReadonlySet<string>,
  signs: SourceSigns,
): Promise<boolean> {
  const drivers = ["pg", "postgres", "pg-promise", "@prisma/adapter-pg", "slonik"];
  if (drivers.some((name) => dependencies.has(name))) return true;
  const schema =
    (await readText(directory, join("prisma", "schema.prisma"))) ?? (await readText(directory, "schema.prisma"));
  if (schema !== undefined) return /provider\s*=\s*"(postgresql|postgres)"/.test(schema);
  const others = ["mysql", "mysql2", "mongodb", "mongoose", "better-sqlite3", "sqlite3", "tedious", "oracledb"];
  if (others.some((name) => dependencies.has(name))) return false;
  const example = (await readText(directory, ".env.example")) ?? (await readText(directory, ".env")) ?? "";
  return signs.readsDatabaseUrl || /^DATABASE_URL=["']?postgres/m.test(example);
}

/** The file that a `node` command runs. */
function scriptOf(start: StartCommand | undefined): string | undefined {
  const words = typeof start?.command === "string" ? start.command.split(" ") : (start?.command ?? []);
  if (words[0] !== "node" || words[1] === undefined || words[1].startsWith("-")) return undefined;
  if (/\.[mc]?[jt]s$/.test(words[1])) return words[1];
  // CommonJS needs no ending: Nest's own script is `node dist/main`.
  return /^(\.\/)?dist\/[\w/-]+$/.test(words[1]) ? `${words[1]}.js` : undefined;
}

function summarise(
  packageJson: PackageJson | undefined,
  framework: Framework | undefined,
  isTypeScript: boolean,
  start: StartCommand | undefined,
): string {
  const name = framework?.name ?? (packageJson === undefined ? "" : "Node");
  const what =
    name === ""
      ? "a project that is not Node's"
      : `${/^[AEIO]/.test(name) ? "an" : "a"} ${name} app in ${isTypeScript ? "TypeScript" : "JavaScript"}`;
  return `${what}, ${start === undefined ? "but nothing that starts it" : `started by ${start.source}`}`;
}

function startNotes(
  packageJson: PackageJson | undefined,
  packageManager: string,
  start: StartCommand | undefined,
): string[] {
  if (start === undefined) {
    const isMonorepo = packageJson?.hasWorkspaces === true;
    return [
      isMonorepo
        ? "This is a workspace root: run `tenfold init` in the folder of the app, or write its command."
        : "Write the command that starts your server into the config.",
    ];
  }
  if (start.source === "scripts.dev")
    return ["There is only a dev script; add a start script that serves without watching."];
  if (typeof start.command === "string" && start.command.startsWith(`${packageManager} run `)) {
    return [
      `${start.source} needs a shell, so it runs by ${packageManager}; a plain \`node …\` starts faster and ends cleaner.`,
    ];
  }
  return [];
}

function portNotes(
  framework: Framework | undefined,
  { readsPort, fixedPort }: SourceSigns,
  packageJson: PackageJson | undefined,
): string[] {
  if (readsPort || framework?.readsPort === true) return [];
  if (fixedPort !== undefined) {
    const { place, port } = fixedPort;
    return [
      `${place} listens on ${port}: write \`Number(process.env.PORT ?? ${port})\` there, for each instance is given a port of its own.`,
    ];
  }
  return packageJson === undefined
    ? ["Let your server listen on the port in the environment variable PORT: each instance is given its own."]
    : [
        "No use of process.env.PORT was found: let the server listen on it, for each instance is given a port of its own.",
      ];
}
