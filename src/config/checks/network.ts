import { isLoopback, overlaps } from "../host-name.ts";
import type { Check, Conflict } from "./check.ts";

export const checkNetwork: Check = ({ config: { gateway, control, database } }) => {
  const conflicts: Conflict[] = [];
  if (gateway.port !== 0 && gateway.port === control.port && overlaps(gateway.host, control.host)) {
    conflicts.push({
      path: "control.port",
      found: String(control.port),
      expected: "another port than gateway.port",
      concerns: ["gateway.port", "gateway.host", "control.host"],
    });
  }
  if (database.kind === "embedded" && database.port !== 0) {
    const rival =
      gateway.port === database.port ? "gateway.port" : control.port === database.port ? "control.port" : undefined;
    if (rival !== undefined) {
      conflicts.push({
        path: "database.port",
        found: String(database.port),
        expected: `another port than ${rival}`,
        concerns: [rival],
      });
    }
  }
  if (!isLoopback(control.host) && control.token === undefined) {
    conflicts.push({
      path: "control.host",
      found: `"${control.host}" without a token: whoever reaches it could stop and change everything`,
      expected: "127.0.0.1, or control.token",
      hint: "set TENFOLD_CONTROL_TOKEN to a long random text",
      concerns: ["control.token"],
    });
  }
  return conflicts;
};
