import { startInFolder } from "../../support/in-folder.ts";
import { freePort, startPinned } from "../../support/servers.ts";
import { proxyCore } from "../../support/site.ts";
import type { Start } from "./peer.ts";

/**
 * HAProxy: one thread, no log, and connections to the server kept and shared also for the first request of a client
 * (`http-reuse always`, which its manual calls the fastest where the server does not break connections). It adds the fields
 * that Tenfold adds.
 */
export function haproxy({ bySocket = false }: { readonly bySocket?: boolean } = {}): Start {
  return async (upstream) => {
    const port = await freePort();
    const server = bySocket ? `unix@${upstream.socketPath}` : `127.0.0.1:${upstream.port}`;
    return startInFolder({ name: "haproxy.cfg", text: () => config(port, server) }, (file) =>
      startPinned(proxyCore, port, ["haproxy", "-q", "-f", file]),
    );
  };
}

const config = (port: number, server: string): string => `
global
  nbthread 1
  maxconn 4096

defaults
  mode http
  no log
  option http-keep-alive
  http-reuse always
  timeout connect 5s
  timeout client 75s
  timeout server 60s
  timeout http-keep-alive 75s

frontend public
  bind 127.0.0.1:${port} backlog 4096
  unique-id-format %{+X}o%Ts%pid%rt
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header Forwarded for=%[src];host=%[req.hdr(host)];proto=http
  http-request set-header Via "1.1 haproxy"
  http-request set-header X-Request-Id %[unique-id]
  http-response set-header Via "1.1 haproxy"
  http-response set-header X-Request-Id %[unique-id]
  default_backend api

backend api
  server api-1 ${server} pool-max-conn -1 pool-purge-delay 60s
`;
