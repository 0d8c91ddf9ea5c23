import { startInFolder } from "../../support/in-folder.ts";
import { freePort, startPinned } from "../../support/servers.ts";
import { proxyCore } from "../../support/site.ts";
import type { Start } from "./peer.ts";

/**
 * Caddy: one Go processor, since it has one core; connections to the upstream kept, no compression asked for on the client's
 * behalf, no log. It adds the fields that Tenfold adds; those named X-Forwarded by itself.
 */
export function caddy({ bySocket = false }: { readonly bySocket?: boolean } = {}): Start {
  return async (upstream) => {
    const port = await freePort();
    const server = bySocket ? `unix/${upstream.socketPath}` : `127.0.0.1:${upstream.port}`;
    return startInFolder({ name: "Caddyfile", text: () => config(port, server) }, (file, folder) =>
      startPinned(proxyCore, port, ["caddy", "run", "--config", file, "--adapter", "caddyfile"], {
        quiet: true,
        env: { GOMAXPROCS: "1", XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      }),
    );
  };
}

const config = (port: number, server: string): string => `{
  admin off
  auto_https off
  log {
    output discard
  }
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy ${server} {
    transport http {
      keepalive 60s
      keepalive_idle_conns 128
      keepalive_idle_conns_per_host 128
      compression off
    }
    header_up Forwarded "for={remote_host};host={hostport};proto={scheme}"
    header_up Via "1.1 caddy"
    header_up X-Request-Id {http.request.uuid}
    header_down Via "1.1 caddy"
    header_down X-Request-Id {http.request.uuid}
  }
}
`;
