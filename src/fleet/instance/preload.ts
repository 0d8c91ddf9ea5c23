/**
 * What Tenfold puts before an unchanged Node app: `node --require <this file> app.js`, or the same by `NODE_OPTIONS`. README.md says what
 * it does and why nobody notices. This file is all that runs at start-up: it waits for the app to listen on `PORT`, and loads the
 * rest then. An app whose Node lacks what is needed here runs as if this were not there.
 */
import { subscribe } from "node:diagnostics_channel";
import type { Server } from "node:net";
import { optionsWithout, withoutPreload } from "./inheritance.ts";

const { PORT, TENFOLD_CONTROL: control, TENFOLD_INSTANCE: instance } = process.env;
const self = [import.meta.filename, import.meta.url];

// Given as an argument it is meant for this process alone, but `fork` would pass it on.
withoutPreload(process.execArgv, self);
if (PORT && control && instance) subscribe("tracing:net.server.listen:asyncEnd", onListen);

function onListen(message: unknown): void {
  try {
    const { server } = message as { readonly server: Server };
    const address = server.address();
    if (address === null || typeof address === "string" || address.port !== Number(PORT)) return;
    // Until here `NODE_OPTIONS` had to reach whichever process is the app, through npm, tsx or next. This is the one.
    process.env["NODE_OPTIONS"] = optionsWithout(process.env["NODE_OPTIONS"] ?? "", self);
    if (process.env["NODE_OPTIONS"] === "") delete process.env["NODE_OPTIONS"];
    const { Server: HttpServer } = process.getBuiltinModule("node:http");
    if (!(server instanceof HttpServer)) return;
    import("./attachment.ts")
      .then(({ attach }) => attach(server, { control: control!, instance: instance! }))
      .catch(() => {});
  } catch {
    // The app's own work goes on.
  }
}
