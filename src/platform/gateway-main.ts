import { serve } from "../gateway/index.ts";
import { HttpCache } from "../httpcache/index.ts";
import { AdaptiveConcurrency, RequestLimits } from "../limits/index.ts";
import { StaticOrigins } from "./static-origins.ts";

await serve({
  cache: new HttpCache(),
  limits: new RequestLimits(),
  createConcurrencyPolicy: () => new AdaptiveConcurrency(),
  createOrigins: (controlPath) => new StaticOrigins(controlPath),
});
