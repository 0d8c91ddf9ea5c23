import { serve } from "../gateway/index.ts";
import { HttpCache } from "../httpcache/index.ts";
import { RequestLimits } from "../limits/index.ts";
import { StaticOrigins } from "./static-origins.ts";

await serve({
  cache: new HttpCache(),
  limits: new RequestLimits(),
  createOrigins: (controlPath) => new StaticOrigins(controlPath),
});
