/** What the process is told by its environment, read once, checked whole. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  /** Connections this process may hold, the health check's own included. */
  readonly poolSize: number;
  readonly jwtSecret: string;
  readonly logLevel: string;
  /** For so long shared caches may give an answer without asking. */
  readonly cacheSeconds: number;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Good enough to try the API out, and known to everybody: never used when `NODE_ENV` is `production`. */
export const developmentSecret = "conduit-development-secret-known-to-everybody";
const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/**
 * @throws {ConfigError} listing every problem, each with its fix.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const integer = (name: string, fallback: number, [min, max]: [number, number]): number => {
    const value = env[name] ? Number(env[name]) : fallback;
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push(`${name} is ${JSON.stringify(env[name])}: it must be a whole number from ${min} to ${max}`);
    return fallback;
  };

  const config = {
    host: env["HOST"] || "127.0.0.1",
    port: integer("PORT", 3000, [0, 65_535]),
    databaseUrl: env["DATABASE_URL"] ?? "",
    poolSize: integer("DATABASE_POOL_SIZE", 10, [2, 1000]),
    jwtSecret: env["JWT_SECRET"] || (env["NODE_ENV"] === "production" ? "" : developmentSecret),
    logLevel: env["LOG_LEVEL"] || "info",
    cacheSeconds: integer("CACHE_SECONDS", 30, [0, 86_400]),
  };

  if (!/^postgres(ql)?:\/\//.test(config.databaseUrl) || !URL.canParse(config.databaseUrl)) {
    problems.push(
      (config.databaseUrl ? "DATABASE_URL is not a Postgres URL" : "DATABASE_URL is not set") +
        ": set it, as in postgres://user:password@127.0.0.1:5432/conduit",
    );
  }
  if (!config.jwtSecret) {
    problems.push("JWT_SECRET is not set: production needs a secret of its own, as from `openssl rand -base64 48`");
  } else if (config.jwtSecret.length < 32) {
    problems.push("JWT_SECRET is too short: HS256 needs 32 characters or more (RFC 7518, section 3.2)");
  }
  if (!logLevels.includes(config.logLevel)) {
    problems.push(`LOG_LEVEL is ${JSON.stringify(config.logLevel)}: it must be one of ${logLevels.join(", ")}`);
  }
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return config;
}
