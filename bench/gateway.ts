/**
 * How many requests a gateway forwards on one core: Tenfold beside nginx, http-proxy-3 and @fastify/reply-from.
 *
 * The proxy has core 0 for itself; the load (wrk) and the origin (nginx, a canned answer) share core 1. All take turns, round
 * by round, so that a slow minute of the machine is everyone's; medians are compared. Before that, each is shown to pass on
 * what it is given.
 *
 *     node bench/gateway.ts [--seconds 5] [--rounds 5] [--connections 64] [--out bench/results/gateway.json]
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { assertParity, startRecorder } from "./support/gateway-parity.ts";
import { commit, cpuSeconds, describeMachine, installPrograms, say } from "./support/machine.ts";
import { freePort, type Running, startNginx, startPinned } from "./support/servers.ts";
import { median, spread } from "./support/statistics.ts";
import { runWrk } from "./support/wrk.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "5" },
    connections: { type: "string", default: "64" },
    out: { type: "string", default: join(import.meta.dirname, "results/gateway.json") },
  },
});
const [seconds, rounds, connections] = [options.seconds, options.rounds, options.connections].map(Number) as [
  number,
  number,
  number,
];

const missing = installPrograms({ wrk: "wrk", nginx: "nginx-light", taskset: "util-linux" });
if (missing.length > 0) {
  console.error(
    `Not measured: ${missing.join(", ")} not installed, and this is no Debian machine with root. Install and try again.`,
  );
  process.exit(1);
}
if (cpus().length < 2) {
  console.error("Not measured: one core is the proxy's, another the load's; this machine has one.");
  process.exit(1);
}

const proxyCore = 0;
const loadCore = 1;
const subject = join(import.meta.dirname, "support/gateway-subject.ts");

interface Upstream {
  readonly port: number;
  readonly socketPath: string;
}
type Start = (upstream: Upstream) => Promise<Running>;

function node(kind: string, bySocket = false): Start {
  return async (upstream) => {
    const port = await freePort();
    const args = [kind, String(port), String(upstream.port), ...(bySocket ? [upstream.socketPath] : [])];
    return startPinned(proxyCore, port, [process.execPath, "--max-semi-space-size=32", subject, ...args]);
  };
}

/** With the same fields added for the upstream that Tenfold adds. */
function nginx(bySocket = false): Start {
  return async (upstream) => {
    const port = await freePort();
    const server = bySocket ? `unix:${upstream.socketPath}` : `127.0.0.1:${upstream.port}`;
    return startNginx(
      proxyCore,
      port,
      `upstream api { server ${server}; keepalive 128; keepalive_requests 100000000; }
       server {
         listen 127.0.0.1:${port} backlog=4096;
         location / {
           proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection "";
           proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
           proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $http_host;
           proxy_set_header Forwarded "for=$remote_addr;host=$http_host;proto=$scheme";
           proxy_set_header Via "1.1 nginx"; proxy_set_header X-Request-Id $request_id;
           add_header Via "1.1 nginx"; add_header X-Request-Id $request_id;
         }
       }`,
    );
  };
}

const contenders: Readonly<Record<string, Start>> = {
  nginx: nginx(),
  "nginx, unix socket": nginx(true),
  // The same twice: what lies between the two is noise.
  "nginx, again": nginx(),
  "tenfold, full path": node("tenfold"),
  "tenfold, full path, unix socket": node("tenfold", true),
  "@fastify/reply-from": node("reply-from"),
  "http-proxy-3": node("http-proxy-3"),
};

interface Round {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
}

async function measure(running: Running, forSeconds: number): Promise<Round> {
  const before = cpuSeconds(running.pid);
  const load = { url: `http://127.0.0.1:${running.port}/api/x`, core: loadCore, connections, seconds: forSeconds };
  const { requests, perSecond, p50Ms, p99Ms, errors } = await runWrk(load);
  return { perSecond, p50Ms, p99Ms, errors, cpuMicros: ((cpuSeconds(running.pid) - before) / requests) * 1e6 };
}

const folder = await mkdtemp(join(tmpdir(), "tenfold-bench-"));
const running: Running[] = [];
try {
  await checkParity();
  const results = await measureAll();
  const table = summarise(results);
  console.table(table);
  await mkdir(dirname(options.out), { recursive: true });
  const versions = {
    node: process.version,
    nginx: say("nginx", ["-v"])?.replace(/^.*nginx\//, ""),
    ...Object.fromEntries(
      ["undici", "@fastify/reply-from", "fastify", "http-proxy-3"].map((name) => [name, versionOf(name)]),
    ),
  };
  const setting = { seconds, rounds, connections, answer: "70 bytes of JSON", proxyCore, loadCore };
  const report = {
    date: new Date().toISOString(),
    commit: commit(),
    machine: describeMachine(),
    versions,
    setting,
    table,
  };
  await writeFile(options.out, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(`Written to ${options.out}`);
} finally {
  await Promise.all(running.map((each) => each.stop()));
  await rm(folder, { recursive: true, force: true });
}

async function checkParity(): Promise<void> {
  const socketPath = join(folder, "recorder.sock");
  await using recorder = await startRecorder(socketPath);
  for (const [name, start] of Object.entries(contenders)) {
    const proxy = await start({ port: recorder.port, socketPath });
    await assertParity(name, proxy.port).finally(() => proxy.stop());
  }
  console.log("Parity: all pass on the same method, target, fields and bodies.");
}

async function measureAll(): Promise<Map<string, Round[]>> {
  const upstream = { port: await freePort(), socketPath: join(folder, "origin.sock") };
  const answer = JSON.stringify({ id: 1, name: "a product with a name", price: 42, stock: 7, ok: true });
  const origin = await startNginx(
    loadCore,
    upstream.port,
    `server { listen 127.0.0.1:${upstream.port} backlog=4096; listen unix:${upstream.socketPath};
       keepalive_timeout 600s; location / { default_type application/json; return 200 '${answer}'; } }`,
  );
  running.push(origin);
  const results = new Map<string, Round[]>();
  // Each round starts each proxy anew: what a JIT compiler makes of the same code differs from process to process.
  for (let round = 1; round <= rounds; round++) {
    for (const name of ["origin, no proxy", ...Object.keys(contenders)]) {
      const proxy = (await contenders[name]?.(upstream)) ?? origin;
      await measure(proxy, Math.min(2, seconds));
      const result = await measure(proxy, seconds);
      if (proxy !== origin) await proxy.stop();
      results.set(name, [...(results.get(name) ?? []), result]);
      console.log(`round ${round}  ${name.padEnd(34)} ${Math.round(result.perSecond)} requests/s`);
    }
  }
  return results;
}

function summarise(results: ReadonlyMap<string, readonly Round[]>): Record<string, Record<string, number>> {
  const of = (name: string, key: keyof Round): number => median(results.get(name)!.map((round) => round[key]));
  return Object.fromEntries(
    [...results].map(([name, rounds]) => {
      const perSecond = of(name, "perSecond");
      return [
        name,
        {
          "requests/s": Math.round(perSecond),
          "× nginx": round2(perSecond / of("nginx", "perSecond")),
          "× reply-from": round2(perSecond / of("@fastify/reply-from", "perSecond")),
          "CPU µs/request": round2(of(name, "cpuMicros")),
          "p50 ms": round2(of(name, "p50Ms")),
          "p99 ms": round2(of(name, "p99Ms")),
          "spread %": Math.round(spread(rounds.map((round) => round.perSecond)) * 100),
          errors: rounds.reduce((sum, round) => sum + round.errors, 0),
        },
      ];
    }),
  );
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

function versionOf(name: string): string {
  const file = join(import.meta.dirname, "../node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
