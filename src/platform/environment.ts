import { urlVariable } from "../config/index.ts";

export interface DatabaseUrls {
  readonly url: string;
  readonly replicaUrls: readonly string[];
}

/** What instances are given beside what the fleet gives: the way to the database, to each other and to the platform. */
export interface EnvironmentInput {
  readonly service: string;
  readonly instance: string;
  /** The real environment and the env files. */
  readonly base: Readonly<Record<string, string>>;
  readonly database: DatabaseUrls | undefined;
  /** Service name → port of its internal listener. */
  readonly internalPorts: Readonly<Record<string, number>>;
  /** Where it can ask the platform. */
  readonly appSocket: string;
}

export function instanceEnvironment(input: EnvironmentInput): Record<string, string> {
  const environment: Record<string, string> = { ...input.base, ...databaseEnvironment(input.database) };
  for (const [service, port] of Object.entries(input.internalPorts)) {
    if (service !== input.service) environment[urlVariable(service)] = `http://127.0.0.1:${port}`;
  }
  environment["TENFOLD_API"] = input.appSocket;
  environment["OTEL_SERVICE_NAME"] ??= input.service;
  environment["OTEL_RESOURCE_ATTRIBUTES"] ??= `service.instance.id=${input.instance}`;
  return environment;
}

export function databaseEnvironment(database: DatabaseUrls | undefined): Record<string, string> {
  if (database === undefined) return {};
  return { DATABASE_URL: database.url, DATABASE_REPLICA_URLS: database.replicaUrls.join(",") };
}
