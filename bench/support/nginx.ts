import { startInFolder } from "./in-folder.ts";
import { type Running, startPinned } from "./servers.ts";

/**
 * nginx with one worker and the given `http` block.
 *
 * @param parent where its folder is made. Default: where temporary files are
 */
export function startNginx(
  core: number,
  port: number,
  http: (folder: string) => readonly string[],
  parent?: string,
): Promise<Running & { readonly folder: string }> {
  const text = (folder: string): string => {
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (kind) => `${kind}_temp_path ${folder}/${kind};`,
    );
    return `
      daemon off; ${process.getuid?.() === 0 ? "user root;" : ""} worker_processes 1;
      pid ${folder}/pid; error_log stderr error;
      events { worker_connections 16384; multi_accept on; }
      http { keepalive_requests 100000000; ${[...temporary, ...http(folder)].join("\n")} }`;
  };
  const start = async (file: string, folder: string): Promise<Running & { readonly folder: string }> => ({
    ...(await startPinned(core, port, ["nginx", "-e", "stderr", "-p", folder, "-c", file])),
    folder,
  });
  return startInFolder({ name: "nginx.conf", text }, start, parent);
}

/** A line with the facts that Tenfold's access log has, buffered as that one is. */
export const nginxAccessLog = (folder: string): string => `
  log_format facts escape=json '{"time":"$time_iso8601","requestId":"$request_id","method":"$request_method"'
  ',"path":"$uri","host":"$host","status":$status,"durationMs":"$request_time","upstreamMs":"$upstream_header_time"'
  ',"upstream":"$upstream_addr","bytesIn":$request_length,"bytesOut":$body_bytes_sent,"client":"$remote_addr"}';
  access_log ${folder}/access.log facts buffer=64k flush=1s;`;
