import assert from "node:assert/strict";
import { test } from "node:test";
import { instanceEnvironment } from "./environment.ts";

test("an instance finds the database, every other service and the platform", () => {
  const environment = instanceEnvironment({
    service: "api",
    instance: "api-1",
    base: { HOME: "/home/a", OTEL_SERVICE_NAME: "mine" },
    database: { url: "postgres://p", replicaUrls: ["postgres://r1", "postgres://r2"] },
    internalPorts: { api: 4001, "api-next": 4002 },
    appSocket: "/run/apps.sock",
  });
  assert.deepEqual(environment, {
    HOME: "/home/a",
    OTEL_SERVICE_NAME: "mine",
    OTEL_RESOURCE_ATTRIBUTES: "service.instance.id=api-1",
    DATABASE_URL: "postgres://p",
    DATABASE_REPLICA_URLS: "postgres://r1,postgres://r2",
    API_NEXT_URL: "http://127.0.0.1:4002",
    TENFOLD_API: "/run/apps.sock",
  });
});
