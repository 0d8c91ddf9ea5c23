import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { loadConfig } from "../../config/index.ts";
import { detectProject } from "./detect-project.ts";
import { renderConfig } from "./render-config.ts";

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly summary: RegExp;
  /** The line of the service. */
  readonly service: RegExp;
  readonly database: boolean;
  readonly notes?: readonly RegExp[];
}

const manifest = (dependencies: readonly string[], rest: object = {}): string =>
  JSON.stringify({ dependencies: Object.fromEntries(dependencies.map((name) => [name, "*"])), ...rest });
const listening = `server.listen(Number(process.env.PORT ?? 3000));\n`;

const cases: readonly Case[] = [
  {
    name: "Express, started by node",
    files: {
      "package.json": manifest(["express", "pg"], { scripts: { start: "node server.js" } }),
      "server.js": `app.get("/healthz", ok);\napp.listen(process.env.PORT || 3000);\n`,
    },
    summary: /an Express app in JavaScript, started by scripts\.start/,
    service: /api: \{ command: "node server\.js", health: "\/healthz" \}/,
    database: true,
  },
  {
    name: "Fastify in TypeScript, with a fixed port and two health paths",
    files: {
      "package.json": manifest(["fastify", "typescript"], {
        scripts: { start: "NODE_ENV=production node --enable-source-maps dist/server.js" },
      }),
      "src/server.ts": `app.get("/livez", live);\napp.get("/api/ready", ready);\n\nawait app.listen({ host: "0.0.0.0", port: 3000 });\n`,
    },
    summary: /a Fastify app in TypeScript/,
    service:
      /command: "node --enable-source-maps dist\/server\.js"[^]*env: \{ NODE_ENV: "production" \}[^]*health: "\/api\/ready"/,
    database: false,
    notes: [/src\/server\.ts:4 listens on 3000.*process\.env\.PORT \?\? 3000/],
  },
  {
    name: "Hono, without scripts: the entry is guessed",
    files: {
      "package.json": manifest(["hono", "@hono/node-server"]),
      "src/index.ts": `serve({ fetch: app.fetch, port: Number(process.env["PORT"]) });\n`,
    },
    summary: /a Hono app in TypeScript, started by src\/index\.ts/,
    service: /command: "node src\/index\.ts"/,
    database: false,
  },
  {
    name: "Nest, where start is for development, not yet built",
    files: {
      "package.json": manifest(["@nestjs/core", "@nestjs/platform-express", "express"], {
        scripts: { start: "nest start", "start:prod": "node dist/main" },
      }),
      "src/main.ts": `await app.listen(process.env.PORT ?? 3000);\n`,
      "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n`,
    },
    summary: /a Nest app in TypeScript, started by scripts\.start:prod/,
    service: /command: "node dist\/main"/,
    database: true,
    notes: [/dist\/main\.js does not exist yet: build first/],
  },
  {
    name: "one file without package.json",
    files: { "server.mjs": `import { createServer } from "node:http";\n${listening}` },
    summary: /a node:http app in JavaScript, started by server\.mjs/,
    service: /command: "node server\.mjs"/,
    database: false,
  },
  {
    name: "Next, with pnpm",
    files: {
      "package.json": manifest(["next", "react"], { scripts: { start: "next start" } }),
      "pnpm-lock.yaml": "",
      "app/page.js": "",
    },
    summary: /a Next app/,
    service: /web: \{ command: "next start" \}/,
    database: false,
    notes: [/pnpm add -D tenfold/],
  },
  {
    name: "Koa, whose start needs a shell, with MySQL",
    files: {
      "package.json": manifest(["koa", "mysql2"], { scripts: { start: "npm run build && node dist/app.js" } }),
      "yarn.lock": "",
      "src/app.ts": `const { PORT, DATABASE_URL } = process.env;\n`,
    },
    summary: /a Koa app/,
    service: /command: "yarn run start"/,
    database: false,
    notes: [/needs a shell/],
  },
  {
    name: "plain node:http, by nodemon",
    files: {
      "package.json": manifest([], { scripts: { start: "nodemon index.mjs" } }),
      "index.mjs": `import http from "node:http";\nconst port = 8000;\nhttp.createServer().listen(port);\n`,
    },
    summary: /a node:http app in JavaScript/,
    service: /command: "node index\.mjs"/,
    database: false,
    notes: [/index\.mjs:2 listens on 8000/],
  },
  {
    name: "an unknown kind, by its Dockerfile",
    files: {
      "package.json": manifest(["kysely"]),
      Dockerfile: `FROM node\nCMD ["node", "bin/run.js", "--serve now"]\n`,
      "src/db.ts": `connect(process.env.DATABASE_URL);\n${listening}`,
    },
    summary: /a Node app in TypeScript, started by Dockerfile/,
    service: /command: \["node", "bin\/run\.js", "--serve now"\]/,
    database: true,
  },
  {
    name: "a Python project with a Procfile",
    files: { Procfile: `web: gunicorn --bind :$PORT app:app\nworker: celery\n` },
    summary: /not Node's, started by Procfile/,
    service: /command: \["sh", "-c", "exec gunicorn --bind :\$PORT app:app"\]/,
    database: false,
  },
  {
    name: "nothing to go by",
    files: { "readme.txt": "" },
    summary: /not Node's, but nothing that starts it/,
    service: /\/\/ What starts your server[^]*command: ""/,
    database: false,
    notes: [/Write the command/],
  },
  {
    name: "a workspace root",
    files: { "package.json": manifest([], { workspaces: ["apps/*"] }) },
    summary: /a Node app in JavaScript, but nothing/,
    service: /command: ""/,
    database: false,
    notes: [/workspace root/],
  },
  {
    name: "a package.json with fields of the wrong kind",
    files: { "package.json": `{ "scripts": 5, "dependencies": null, "main": {} }`, "index.js": listening },
    summary: /a Node app/,
    service: /command: "node index\.js"/,
    database: false,
  },
];

function project(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tenfold-init-")));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

suite("what a project is, is found without running it", () => {
  for (const { name, files, summary, service, database, notes = [] } of cases) {
    test(name, async (t) => {
      const root = project(t, files);
      const detected = await detectProject(root);
      const config = renderConfig(detected);
      assert.match(detected.summary, summary);
      assert.match(config, service);
      assert.equal(detected.usesDatabase, database);
      assert.equal(config.includes("database: false"), !database);
      for (const note of notes) assert.match(detected.notes.join("\n"), note);
      await assertIsAccepted(root, config);
    });
  }
});

/** What may still be wrong is what the notes say: a command to write, a build to run, a program to install. */
async function assertIsAccepted(root: string, config: string): Promise<void> {
  writeFileSync(join(root, "tenfold.config.ts"), config);
  try {
    await loadConfig({ cwd: root, env: { PATH: process.env["PATH"] } });
  } catch (error) {
    const { facts } = error as { facts: { problems: { path: string }[] } };
    assert.deepEqual(
      facts.problems.map(({ path }) => path.replace(/^services\.(api|web)\./, "")),
      ["command"],
    );
  }
}
