export { StaticServer, type StaticServerOptions } from "./static-server.ts";
