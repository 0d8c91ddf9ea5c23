/** The public door of the package: `import { defineConfig } from "tenfold"`. */
export {
  type Balance,
  type Config,
  defineConfig,
  env,
  type GatewayOptions,
  type HealthOptions,
  type RouteOptions,
  type ServiceOptions,
} from "../config/index.ts";
