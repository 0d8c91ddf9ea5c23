import { startInFolder } from "./in-folder.ts";
import { type Running, startPinned } from "./servers.ts";

/** nginx with one worker and the given `http` block. */
export function startNginx(core: number, port: number, http: (folder: string) => readonly string[]): Promise<Running> {
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
  return startInFolder({ name: "nginx.conf", text }, (file, folder) =>
    startPinned(core, port, ["nginx", "-e", "stderr", "-p", folder, "-c", file]),
  );
}
