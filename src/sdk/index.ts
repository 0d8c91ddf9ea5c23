/** The public door of the package: `import { defineConfig } from "tenfold"`. */
export {
  type Balance,
  type CacheOptions,
  type CompressionOptions,
  type Config,
  defineConfig,
  env,
  type GatewayOptions,
  type HealthOptions,
  type RouteOptions,
  type ServiceOptions,
} from "../config/index.ts";
export { purge, type PurgeOptions, type PurgeReport, type PurgeRequest } from "./purge.ts";
