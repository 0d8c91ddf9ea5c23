#!/usr/bin/env node
import { isNodeNewEnough, oldestNode } from "./oldest-node.ts";

// Nothing else is loaded before this is known: an older Node fails in the middle of a library.
if (isNodeNewEnough(process.versions.node)) {
  const { run } = await import("./run.ts");
  await run();
} else {
  process.stderr.write(
    `error: Tenfold needs Node ${oldestNode} or newer; this is ${process.versions.node} (${process.execPath})\n` +
      `fix: install Node ${oldestNode}, or bring it with the project: \`npm install node@${oldestNode}\`\n`,
  );
  process.exitCode = 1;
}
