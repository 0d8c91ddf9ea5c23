/**
 * Clients that asked once and keep their connection: `node idle-clients.ts <port> <path> <host> <how many>`. Says how many are open when all have
 * their answer, and again whenever it is asked.
 */
import { connect, type Socket } from "node:net";

const [port, path, host, count] = process.argv.slice(2) as [string, string, string, string];
/** As many at once as no listen queue refuses. */
const atOnce = 200;
const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
const open = new Set<Socket>();

function openOne(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(request));
    socket.once("data", () => {
      open.add(socket);
      resolve();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      open.delete(socket);
      resolve();
    });
  });
}

process.on("message", () => process.send!(open.size));
process.on("disconnect", () => process.exit());

let left = Number(count);
async function openSome(): Promise<void> {
  while (left-- > 0) await openOne();
}
await Promise.all(Array.from({ length: atOnce }, openSome));
process.send!(open.size);
