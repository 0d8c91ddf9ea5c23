import assert from "node:assert/strict";
import { test } from "node:test";
import { parseControlFile, parseLsn } from "./control-file.ts";

test("the control file tells whose it is, whether it was shut down, and its last checkpoint", () => {
  const bytes = Buffer.alloc(8192);
  bytes.writeBigUInt64LE(7_310_000_000_000_000_001n, 0);
  bytes.writeUInt32LE(1, 16);
  bytes.writeBigUInt64LE(parseLsn("1/2000080"), 32);
  assert.deepEqual(parseControlFile(bytes), {
    systemId: "7310000000000000001",
    isShutDown: true,
    checkpoint: 0x1_0200_0080n,
  });
  bytes.writeUInt32LE(6, 16);
  assert.equal(parseControlFile(bytes)?.isShutDown, false);
  assert.equal(parseControlFile(Buffer.alloc(0)), undefined);
  assert.equal(parseControlFile(Buffer.alloc(8192)), undefined);
});
