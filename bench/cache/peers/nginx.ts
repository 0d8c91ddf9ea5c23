import { readFileSync } from "node:fs";
import { say } from "../../support/machine.ts";
import { nginxAccessLog, startNginx } from "../../support/nginx.ts";
import { freePort } from "../../support/servers.ts";
import { proxyCore } from "../../support/site.ts";
import { amplyBytes, type Start } from "../cache-site.ts";
import { inMemory } from "./in-memory.ts";

export interface NginxOptions {
  /** Those that Tenfold adds to what it answers, but for Age: nginx has none. */
  readonly addsFields?: boolean;
  readonly accessLog?: boolean;
  /** Answers what is stale while one request asks for what is new. */
  readonly staleWhileUpdating?: boolean;
}

/**
 * nginx's proxy_cache, one worker: files in memory (tmpfs) and kept open, written where they stay, one request per answer to the origin.
 * No sendfile: answers that are read into a buffer leave in one write with their head; that was faster here at every size. Where there is less
 * room than there is to store, files are not kept open: nginx would go on answering from those that it has deleted, over its limit.
 */
export function nginx({ addsFields = false, accessLog = false, staleWhileUpdating = false }: NginxOptions = {}): Start {
  return async ({ port: originPort, cacheBytes = amplyBytes }) => {
    const isAmple = cacheBytes >= amplyBytes;
    const port = await freePort();
    const running = await startNginx(
      proxyCore,
      port,
      (folder) => [
        accessLog ? nginxAccessLog(folder) : "access_log off;",
        "sendfile off; aio off;",
        isAmple ? "open_file_cache max=50000 inactive=1d; open_file_cache_valid 1d;" : "",
        // The manager clears away as much as it finds in one go: see `keepLimit`.
        `proxy_cache_path ${folder}/cache levels=1:2 keys_zone=answers:64m inactive=1d use_temp_path=off max_size=${cacheBytes}
           manager_files=100000 manager_sleep=10ms manager_threshold=10s;`,
        `upstream api { server 127.0.0.1:${originPort}; keepalive 128; keepalive_requests 100000000; }`,
        `server { listen 127.0.0.1:${port} backlog=4096; location / { proxy_pass http://api;
           proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
           proxy_cache answers; proxy_cache_lock on; proxy_cache_lock_timeout 60s; proxy_cache_lock_age 60s; proxy_cache_revalidate on;
           ${staleWhileUpdating ? "proxy_cache_use_stale updating;" : ""}
           ${addsFields ? addedFields : ""} } }`,
      ],
      inMemory,
    );
    const cache = `${running.folder}/cache`;
    const heldBytes = async (): Promise<number> => Number(say("du", ["-sB1", cache])?.split("\t")[0]);
    return { ...running, heldBytes, keepLimit: () => clearUp(running.pids[0]!, heldBytes, cacheBytes) };
  };
}

const addedFields = `add_header Via "1.1 nginx"; add_header X-Request-Id $request_id; add_header Cache-Status "nginx; hit";`;

/**
 * nginx lets its manager look at the limit every 10 s; till then a cache that fills quickly holds many times of what it may. A manager that has
 * been ended is started again by nginx, and looks at once.
 */
async function clearUp(master: number, heldBytes: () => Promise<number>, cacheBytes: number): Promise<void> {
  const managers = childrenOf(master).filter((pid) =>
    /cache manager/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8")),
  );
  for (const pid of managers) process.kill(pid, "SIGTERM");
  const end = performance.now() + 2_000;
  while ((await heldBytes()) > cacheBytes && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 2));
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}
