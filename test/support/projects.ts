import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createProject } from "./tenfold.ts";

const echo = readFileSync(join(import.meta.dirname, "../fixtures/apps/echo.js"), "utf8");

/** A project with one service, `api`, that echoes; `service` and `rest` are added to its config. */
export function createEchoProject(t: TestContext, service: object = {}, rest: object = { database: false }): string {
  const config = {
    services: {
      api: {
        command: "node echo.js",
        health: { path: "/readyz", interval: "200ms", timeout: "200ms", failures: 2 },
        scale: { min: 2, max: 8 },
        ...service,
      },
    },
    ...rest,
  };
  return createProject(t, {
    "package.json": '{ "type": "module" }',
    "echo.js": echo,
    "tenfold.config.ts": `import { defineConfig } from "tenfold";\nexport default defineConfig(${JSON.stringify(config)});\n`,
  });
}
