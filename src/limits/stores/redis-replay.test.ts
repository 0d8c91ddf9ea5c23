import { redisUnderTest } from "../../../test/support/limits/open-stores.ts";
import { replaySuite } from "../../../test/support/limits/replay-suite.ts";
import { withoutRedis } from "../../../test/support/redis.ts";

replaySuite("redis", { open: redisUnderTest, crowd: 32, skip: withoutRedis });
