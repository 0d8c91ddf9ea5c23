import { serve } from "../gateway/index.ts";
import { HttpCache } from "../httpcache/index.ts";

await serve({ cache: new HttpCache() });
