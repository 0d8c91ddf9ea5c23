// What `npm start` and `npm test` run. Plain JavaScript for any Node >= 20: it brings the Node that the rest needs.
// Installs what is missing from the lock file, then hands over to that Node.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const example = join(root, "examples/conduit");
const [task, ...args] = process.argv.slice(2);

const tasks = {
  start: () => ({ cwd: example, script: "src/cli/main.ts", args: ["up", ...args] }),
  tenfold: () => ({ cwd: example, script: "src/cli/main.ts", args }),
  test: () => ({ cwd: root, script: "scripts/test.ts", args }),
};

if (!Object.hasOwn(tasks, task)) fail(`usage: node scripts/run.js ${Object.keys(tasks).join("|")} [arguments]`);
installWhatIsMissing();
const { cwd, script, args: rest } = tasks[task]();
run(findNode(), ["--conditions=tenfold-source", join(root, script), ...rest], cwd);

/** Compares what npm installed with the lock file, package by package: much faster than asking npm. */
function isInstalled() {
  const wanted = readLock("package-lock.json");
  const present = readLock("node_modules/.package-lock.json");
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" || entry.optional || !path.includes("node_modules/") || present[path]?.version === entry.version,
  );
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch {
    return undefined;
  }
}

function installWhatIsMissing() {
  if (isInstalled() && findNode() !== undefined) return;
  process.stderr.write("Installing dependencies (npm ci) …\n");
  const npm = process.env.npm_execpath;
  const command = npm?.endsWith(".js") ? [process.execPath, npm] : [process.platform === "win32" ? "npm.cmd" : "npm"];
  const result = spawnSync(command[0], [...command.slice(1), "ci", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) fail("npm ci failed: see its messages above");
}

/** The Node from npm, or the one that runs this when it is new enough. */
function findNode() {
  const brought = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(brought)) return brought;
  return Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : undefined;
}

function run(node, argv, cwd) {
  if (node === undefined)
    fail("Node 24 is missing: the npm package `node` has none for this machine; install Node >= 24");
  const child = spawn(node, argv, {
    cwd,
    stdio: "inherit",
    // What the CLI tells people to type.
    env: {
      ...process.env,
      TENFOLD_INVOKED_AS: "npm run tenfold --",
      PATH: [join(root, "node_modules/.bin"), dirname(node), process.env.PATH].join(delimiter),
    },
  });
  // A terminal sends Ctrl-C to both of us: the child ends in order, and this process waits for it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => fail(error.message));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
