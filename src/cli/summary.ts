import type { PlatformStatus } from "../platform/index.ts";
import { paint, table } from "./terminal.ts";

/** What `up` prints once all is ready: what runs, where, and what to try next. */
export function upSummary(status: PlatformStatus, controlUrl: string, tookMs: number): string {
  const rows = [
    ["WHAT", "RUNS", "WHERE"],
    [
      "gateway",
      `${status.gateways.length} process${plural(status.gateways.length, "es")}`,
      paint("cyan", status.url ?? ""),
    ],
    ...status.services.map((service) => [
      service.name,
      service.kind === "static"
        ? "files"
        : `${service.instances.length} instance${plural(service.instances.length, "s")}`,
      service.routes.join(" ") || "other services only",
    ]),
    ...databaseRows(status),
    ["control", "status, metrics, events", paint("cyan", controlUrl)],
  ];
  return [
    "",
    `${paint("bold", status.name)} is ready after ${(tookMs / 1000).toFixed(1)} s`,
    "",
    table(rows),
    "",
    "Try next, in another terminal:",
    ...hints(status),
    "Ctrl-C ends everything; data stays in .tenfold/.",
    "",
  ].join("\n");
}

function hints({ services }: PlatformStatus, command: string = invokedAs(process.env)): string[] {
  const canGrow = services.find(({ desired, max }) => desired < max);
  const rows = [
    ["status", "what runs, and how it does"],
    ...(canGrow === undefined
      ? []
      : [
          [
            `scale ${canGrow.name} ${Math.min(canGrow.max, canGrow.desired + 2)}`,
            "more instances, without a failed request",
          ] as const,
        ]),
    ["reload", "replace every instance, without a failed request"],
    ["logs --follow", "what the instances print"],
  ] as const;
  const width = Math.max(...rows.map(([words]) => words.length));
  return rows.map(([words, what]) => `  ${command} ${words.padEnd(width)}   ${paint("dim", what)}`);
}

/** Commands as this user types them: a checkout runs them by npm, a project by npx. */
export function invokedAs(env: NodeJS.ProcessEnv): string {
  return env["TENFOLD_INVOKED_AS"] ?? (env["npm_command"] === "exec" ? "npx tenfold" : "tenfold");
}

function databaseRows({ database }: PlatformStatus): string[][] {
  if (database.kind === "none") return [];
  if (database.kind === "external") return [["database", `Postgres ${database.version}`, "DATABASE_URL"]];
  return database.nodes.map((node) => [`database ${node.name}`, "Postgres", `127.0.0.1:${node.port}`]);
}

function plural(count: number, ending: string): string {
  return count === 1 ? "" : ending;
}
