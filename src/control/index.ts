export { AppServer } from "./app-server.ts";
export { ControlClient } from "./client.ts";
export type { Controlled, LogQuery } from "./controlled.ts";
export { isLoopbackAddress } from "./guard.ts";
export { ControlServer, type ControlServerOptions } from "./server.ts";
