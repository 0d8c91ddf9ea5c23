import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { jsonOf } from "../support/json-of.ts";
import { startNginx } from "../support/nginx.ts";
import { freePort, type Running } from "../support/servers.ts";
import { loadCore } from "../support/site.ts";
import type { Upstream } from "./bench-site.ts";

/** What the origin answers, by path; larger answers are files, since nginx has no longer texts in its config. */
export const paths = { small: "/api/x", kilobytes10: "/answers/10k", kilobytes100: "/answers/100k" } as const;

export const smallAnswer = JSON.stringify({ id: 1, name: "a product with a name", price: 42, stock: 7, ok: true });

/** nginx with canned answers, on the load's core. */
export async function startOrigin(folder: string): Promise<{ readonly origin: Running; readonly upstream: Upstream }> {
  const upstream = { port: await freePort(), socketPath: join(folder, "origin.sock") };
  const origin = await startNginx(loadCore, upstream.port, (root) => {
    writeFileSync(join(root, "10k"), jsonOf(10_000));
    writeFileSync(join(root, "100k"), jsonOf(100_000));
    return [
      "access_log off; default_type application/json; keepalive_timeout 600s;",
      "sendfile on; tcp_nopush on; etag off; open_file_cache max=10 inactive=600s; open_file_cache_valid 600s;",
      `server { listen 127.0.0.1:${upstream.port} backlog=4096; listen unix:${upstream.socketPath};
         location / { return 200 '${smallAnswer}'; }
         location /answers/ { alias ${root}/; } }`,
    ];
  });
  return { origin, upstream };
}
