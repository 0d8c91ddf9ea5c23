import { test } from "node:test";
import { personalisings } from "./http-cache/leaks/personalising.ts";
import { situations } from "./http-cache/leaks/situations.ts";
import { Town } from "./http-cache/leaks/town.ts";

for (const fastPath of [true, false])
  for (const [situation, happens] of Object.entries(situations))
    test(`nobody is told what is another's: ${situation}, on the ${fastPath ? "fast" : "full"} path`, async (t) => {
      for (const personalising of personalisings)
        await t.test(personalising.name, async () => {
          await using town = await Town.found(personalising, fastPath);
          await happens(town);
          await town.conclude();
        });
    });
