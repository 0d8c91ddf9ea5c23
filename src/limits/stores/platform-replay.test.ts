import { platformUnderTest } from "../../../test/support/limits/open-stores.ts";
import { replaySuite } from "../../../test/support/limits/replay-suite.ts";

replaySuite("platform", { open: platformUnderTest, crowd: 32 });
