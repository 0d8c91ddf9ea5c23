import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program under measurement, pinned to a core. */
export interface Running {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a command on a core, and waits until the port answers. */
export async function startPinned(core: number, port: number, command: readonly string[]): Promise<Running> {
  const child = spawn("taskset", ["-c", String(core), ...command], { stdio: ["ignore", "ignore", "inherit"] });
  await untilAccepting(port, child);
  return {
    pid: child.pid!,
    port,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** nginx with one worker and the given `http` block. */
export async function startNginx(core: number, port: number, http: string): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), "tenfold-bench-nginx-"));
  const file = join(folder, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  await writeFile(
    file,
    `daemon off; ${process.getuid?.() === 0 ? "user root;" : ""} worker_processes 1; pid ${folder}/pid; error_log stderr error;
     events { worker_connections 8192; multi_accept on; }
     http { access_log off; keepalive_requests 100000000; ${temporary.join(" ")}\n${http}\n}`,
  );
  const running = await startPinned(core, port, ["nginx", "-e", "stderr", "-p", folder, "-c", file]);
  return {
    ...running,
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilAccepting(port: number, child: ChildProcess): Promise<void> {
  const end = performance.now() + 10_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(" ")} ended with ${child.exitCode}`);
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    if (performance.now() > end) throw new Error(`${child.spawnargs.join(" ")} does not listen on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
