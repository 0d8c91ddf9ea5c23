import { Gateway } from "../../../src/gateway/index.ts";
import { HttpCache } from "../../../src/httpcache/index.ts";
import { snapshotOf } from "../../support/tenfold-snapshot.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { join } from "node:path";
import { amplyBytes } from "../cache-site.ts";
import type { Knowing } from "./main.ts";
import type { SubjectOptions } from "./protocol.ts";
import { rules } from "./rules.ts";

/** The data plane with its cache, with the defaults of a config that says nothing, but for the cache's size and the access log. */
export async function startTenfold(options: SubjectOptions): Promise<Knowing> {
  const { port, upstreamPort, cacheBytes = amplyBytes, fastPath = true, accessLog = false, tag = "" } = options;
  const cache = new HttpCache();
  const log = accessLog ? { accessLogPath: join(temporaryFolder(), "access.log") } : {};
  const gateway = new Gateway({ cache, ...log });
  await gateway.start(snapshotOf({ port, upstreamPort, settings: { accessLog, fastPath, cacheBytes }, cache: rules }));
  return {
    figures: () => gateway.figures(),
    held: () => cache.figures(),
    purge() {
      const started = performance.now();
      cache.purge({ mode: "hard", by: "tag", tags: [tag] });
      return performance.now() - started;
    },
  };
}
