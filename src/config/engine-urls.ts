import { foundText } from "./found.ts";
import type { Environment } from "./env-files.ts";
import type { ExternalDatabase, ExternalRedis } from "./fill.ts";
import type { Origin } from "./origin.ts";
import type { Problem } from "./problem.ts";
import { maskUrl } from "./secrets.ts";

/** The database that `DATABASE_URL` and `DATABASE_REPLICA_URLS` (separated by commas) name. Empty is not set. */
export function readDatabaseUrls({ values }: Environment): {
  database: ExternalDatabase | undefined;
  problems: Problem[];
} {
  const url = values["DATABASE_URL"] ?? "";
  const replicas = values["DATABASE_REPLICA_URLS"] ?? "";
  const replicaUrls = replicas
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
  if (url === "") {
    if (replicaUrls.length === 0) return { database: undefined, problems: [] };
    const found = "replicas of no primary: DATABASE_URL is not set";
    return {
      database: undefined,
      problems: [{ path: "DATABASE_REPLICA_URLS", found, expected: "DATABASE_URL beside it" }],
    };
  }
  const problems = [
    ...findUrlFault("DATABASE_URL", url),
    ...replicaUrls.flatMap((each, index) => findUrlFault(`DATABASE_REPLICA_URLS[${index}]`, each)),
  ];
  return { database: { url, replicaUrls }, problems };
}

/** libpq's form: a user, a password, a port, and parameters may be given; the host may be a parameter, as for unix sockets. */
function findUrlFault(path: string, text: string): Problem[] {
  const expected = "postgres://user:password@host:5432/database";
  const url = URL.parse(text);
  if (url === null)
    return [{ path, found: shownUrl(text), expected, hint: "percent-encode special characters in the password" }];
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:")
    return [{ path, found: foundText(text), expected }];
  if (url.hostname === "" && !url.searchParams.has("host"))
    return [{ path, found: `${foundText(text)}, without a host`, expected }];
  return [];
}

/** The Redis that `REDIS_URL` names, by which gateways of several machines count together. Empty is not set. */
export function readRedisUrl({ values }: Environment): { redis: ExternalRedis | undefined; problems: Problem[] } {
  const url = values["REDIS_URL"] ?? "";
  if (url === "") return { redis: undefined, problems: [] };
  return { redis: { url }, problems: findRedisFault(url) };
}

function findRedisFault(text: string): Problem[] {
  const refuse = (found: string, hint?: string): Problem[] => [
    {
      path: "REDIS_URL",
      found,
      expected: "redis://user:password@host:6379/0, rediss:// for TLS, or unix:///path/redis.sock",
      ...(hint === undefined ? {} : { hint }),
    },
  ];
  if (/^unix:\/\/(?:[^/]*@)?\/[^?#]+/.test(text)) return [];
  const shown = shownUrl(text);
  const url = URL.parse(text);
  if (!text.includes("://") && URL.canParse(`redis://${text}`))
    return refuse(shown, `write "${maskUrl(`redis://${text}`)}"`);
  if (url === null || url.hash !== "") return refuse(shown, "percent-encode special characters in the password");
  if (url.protocol !== "redis:" && url.protocol !== "rediss:") return refuse(shown);
  if (url.hostname === "") return refuse(`${shown}, without a host`);
  if (!/^\/?\d*$/.test(url.pathname)) return refuse(`${shown}, with a path`, "the path is a number: /0");
  return [];
}

/** Where a special character has cut a password in two, its halves are not where passwords are looked for. */
function shownUrl(text: string): string {
  const isWhole = !text.includes("@") || (URL.parse(text)?.password ?? "") !== "";
  return foundText(isWhole ? text : text.replace(/^(\w+:\/\/)?.*@/s, "$1***@"));
}

export function variableOrigin({ files }: Environment, variable: string): Origin {
  const file = files.get(variable);
  return { kind: "environment", variable, ...(file === undefined ? {} : { file }) };
}
