/** An instance with fast handlers and slow ones: `node mixed-origin.ts <port> <socket path>`. */
import { createServer, type RequestListener } from "node:http";
import { slowHandlerMs } from "./mixed-handlers.ts";

const [port, socketPath] = process.argv.slice(2);
const answer: RequestListener = (req, res) => {
  const end = (): void => void res.setHeader("Content-Type", "application/json").end('{"id":1,"name":"a product"}');
  if (req.url === "/slow") setTimeout(end, slowHandlerMs);
  else end();
};
createServer(answer).listen(Number(port), "127.0.0.1");
createServer(answer).listen(socketPath);
