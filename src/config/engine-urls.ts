import { foundText } from "./found.ts";
import type { Environment } from "./env-files.ts";
import type { ExternalDatabase } from "./fill.ts";
import type { Origin } from "./origin.ts";
import type { Problem } from "./problem.ts";

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
    return [{ path, found: foundText(text), expected, hint: "percent-encode special characters in the password" }];
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:")
    return [{ path, found: foundText(text), expected }];
  if (url.hostname === "" && !url.searchParams.has("host"))
    return [{ path, found: `${foundText(text)}, without a host`, expected }];
  return [];
}

export function variableOrigin({ files }: Environment, variable: string): Origin {
  const file = files.get(variable);
  return { kind: "environment", variable, ...(file === undefined ? {} : { file }) };
}
