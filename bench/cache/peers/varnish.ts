import { startInFolder } from "../../support/in-folder.ts";
import { freePort, startPinned } from "../../support/servers.ts";
import { proxyCore } from "../../support/site.ts";
import { amplyBytes, type Start } from "../cache-site.ts";
import { inMemory } from "./in-memory.ts";

/**
 * Varnish with its built-in VCL, answers and its shared log in memory; one pool of threads for its one core, with a thread for each of the most
 * clients that ask at once in any row, none of whom is turned away.
 */
export function varnish(): Start {
  return async ({ port: originPort, cacheBytes = amplyBytes }) => {
    const port = await freePort();
    const threads = 1_200;
    const parameters = [
      "thread_pools=1",
      `thread_pool_min=${threads}`,
      `thread_pool_max=${2 * threads}`,
      `thread_queue_limit=${threads}`,
      "listen_depth=4096",
      // A large answer may push out as many small ones as it takes.
      "nuke_limit=10000",
      "timeout_idle=75",
    ].flatMap((parameter) => ["-p", parameter]);
    const config = { name: "default.vcl", text: () => vcl(originPort) };
    const start = (file: string, folder: string) => {
      const where = ["-n", `${folder}/work`, "-j", "none", "-f", file, "-a", `127.0.0.1:${port}`];
      const command = ["varnishd", "-F", ...where, "-s", `malloc,${cacheBytes}`, ...parameters];
      return startPinned(proxyCore, port, command, { quiet: true });
    };
    return startInFolder(config, start, inMemory);
  };
}

const vcl = (port: number): string => `
vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "${port}"; .max_connections = 4000; }
`;
