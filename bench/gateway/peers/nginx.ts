import { nginxAccessLog, startNginx } from "../../support/nginx.ts";
import { freePort } from "../../support/servers.ts";
import { proxyCore } from "../../support/site.ts";
import type { Start } from "./peer.ts";

export interface NginxOptions {
  readonly bySocket?: boolean;
  /** Buffered, in JSON, with the facts that Tenfold's has. */
  readonly accessLog?: boolean;
}

/**
 * nginx as a proxy: one worker, connections to the upstream kept (which needs HTTP/1.1 and an empty Connection), answers held in
 * memory and never in a file. It adds the fields that Tenfold adds.
 */
export function nginx({ bySocket = false, accessLog = false }: NginxOptions = {}): Start {
  return async (upstream) => {
    const port = await freePort();
    const server = bySocket ? `unix:${upstream.socketPath}` : `127.0.0.1:${upstream.port}`;
    return startNginx(proxyCore, port, (folder) => [
      accessLog ? nginxAccessLog(folder) : "access_log off;",
      `upstream api { server ${server}; keepalive 128; keepalive_requests 100000000; }`,
      `server { listen 127.0.0.1:${port} backlog=4096; location / { proxy_pass http://api; ${proxying} } }`,
    ]);
  };
}

const proxying = `
  proxy_http_version 1.1; proxy_set_header Connection "";
  proxy_buffers 16 16k; proxy_busy_buffers_size 64k; proxy_max_temp_file_size 0;
  proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header Forwarded "for=$remote_addr;host=$http_host;proto=$scheme";
  proxy_set_header Via "1.1 nginx"; proxy_set_header X-Request-Id $request_id;
  add_header Via "1.1 nginx"; add_header X-Request-Id $request_id;`;
