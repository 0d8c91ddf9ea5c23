import { replaySuite } from "../../../test/support/limits/replay-suite.ts";
import { TestRedis, withoutRedis } from "../../../test/support/redis.ts";

replaySuite("redis", {
  open: async (t) => ({ kind: "redis", url: (await TestRedis.start(t)).url, prefix: "test:" }),
  crowd: 32,
  skip: withoutRedis,
});
