import { replaySuite } from "../../../test/support/limits/replay-suite.ts";

replaySuite("memory", { open: () => ({ kind: "memory" }) });
