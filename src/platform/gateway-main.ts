import { serve } from "../gateway/index.ts";
import { HttpCache } from "../httpcache/index.ts";
import { StaticOrigins } from "./static-origins.ts";

await serve({ cache: new HttpCache(), createOrigins: (controlPath) => new StaticOrigins(controlPath) });
