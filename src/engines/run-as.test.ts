import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseUser, commandAs, missingCapability, type Passage } from "./run-as.ts";

const root = { uid: 0, gid: 0 };
const user = { uid: 1000, gid: 1000 };

test("the servers run as the nearest owner who is not root, else as nobody", () => {
  assert.deepEqual(chooseUser([root, { uid: 54_321, gid: 5 }, user]), { uid: 54_321, gid: 5 });
  assert.deepEqual(chooseUser([{ uid: 1000, gid: 0 }]), { uid: 1000, gid: 1000 }, "never root's group");
  assert.deepEqual(chooseUser([root, root]), { uid: 65_534, gid: 65_534 });
  assert.deepEqual(chooseUser([]), { uid: 65_534, gid: 65_534 });
});

const folder = (mode: number, owner = root): Passage => ({
  path: `/${mode.toString(8)}`,
  need: "search",
  mode,
  ...owner,
});
const file = (mode: number): Passage => ({ path: "/postgres", need: "execute", mode, ...root });

const rows: readonly [string, readonly Passage[], string | undefined][] = [
  ["open folders", [folder(0o755), folder(0o711), file(0o755)], undefined],
  ["its own folder", [folder(0o700, user)], undefined],
  ["its group's folder", [folder(0o710, { uid: 0, gid: 1000 })], undefined],
  ["its own folder, closed to itself", [folder(0o077, user)], "dac_read_search"],
  ["root's closed folder", [folder(0o755), folder(0o700), file(0o755)], "dac_read_search"],
  ["a closed file", [folder(0o700), file(0o700)], "dac_override"],
];
for (const [name, passages, capability] of rows) {
  test(`${name}: ${capability ?? "no capability"} needed`, () => {
    assert.equal(missingCapability(passages, user)?.capability, capability);
  });
}

test("the command line drops to the user, and keeps a capability only where one is needed", () => {
  assert.deepEqual(commandAs({}, "postgres", ["-D"]), { program: "postgres", args: ["-D"] });
  assert.deepEqual(commandAs({ user }, "postgres", []), { program: "postgres", args: [], ...user });
  const { program, args, uid } = commandAs({ user, capability: "dac_read_search" }, "postgres", ["-D", "/data"]);
  assert.equal(program, "setpriv");
  assert.equal(uid, undefined, "setpriv itself must still be root");
  assert.deepEqual(args.slice(0, 3), ["--reuid=1000", "--regid=1000", "--clear-groups"]);
  assert.deepEqual(args.slice(-3), ["postgres", "-D", "/data"]);
});
