import { serve } from "../gateway/index.ts";
import { HttpCache } from "../httpcache/index.ts";
import { AdaptiveConcurrency, RequestLimits } from "../limits/index.ts";
import { StaticOrigins } from "./static-origins.ts";

await serve({
  cache: new HttpCache(),
  limits: new RequestLimits(),
  createConcurrencyPolicy: (gateways) => new AdaptiveConcurrency(gateways),
  createOrigins: (controlPath) => new StaticOrigins(controlPath),
});
