import { join } from "node:path";
import { replaySuite } from "../../../test/support/limits/replay-suite.ts";
import { temporaryDirectory } from "../../../test/support/temporary.ts";

replaySuite("platform", {
  open: (t) => ({ kind: "platform", path: join(temporaryDirectory(t), "limits.sock") }),
  crowd: 32,
});
