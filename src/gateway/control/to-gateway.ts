import type { PurgeOrder } from "../cache-port.ts";
import type { LaunchOrder } from "../launch.ts";
import type { ToGateway } from "../process-protocol.ts";
import type { Snapshot } from "../snapshot.ts";

/**
 * What arrives on the control socket, as far as a wrong one could hurt: it may come from another version. By hand, since a schema library
 * would cost each gateway process more than all of this.
 *
 * @returns `undefined`: it is no message
 */
export function parseToGateway(line: string): ToGateway | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isObject(value) && isMessage(value) ? value : undefined;
}

type Fields = { readonly [name: string]: unknown };

function isMessage(message: Fields): message is Fields & ToGateway {
  switch (message["type"]) {
    case "attend":
    case "settle":
      return true;
    case "snapshot":
      return isSnapshot(message["snapshot"]);
    case "succeed":
      return Number.isInteger(message["id"]) && isOrder(message["order"]);
    case "drain":
      return Number.isFinite(message["graceMs"]);
    case "figures":
      return Number.isInteger(message["id"]);
    case "concurrency":
      return typeof message["service"] === "string" && isCount(message["limit"]);
    case "purge":
      return Number.isInteger(message["id"]) && isPurge(message["order"]);
    default:
      return false;
  }
}

/** Its inside is not looked at: what cannot be put into effect is answered as such. */
function isSnapshot(value: unknown): value is Snapshot {
  return (
    isObject(value) &&
    Number.isInteger(value["version"]) &&
    isObject(value["settings"]) &&
    isObject(value["services"]) &&
    Array.isArray(value["listeners"])
  );
}

/** One of a later version may mean more than this one knows: to do less than it says would be a silent failure. */
function isPurge(value: unknown): value is PurgeOrder {
  if (!isObject(value) || (value["mode"] !== "hard" && value["mode"] !== "soft")) return false;
  switch (value["by"]) {
    case "url":
    case "prefix":
      return typeof value["url"] === "string";
    case "tag":
      return isTexts(value["tags"]);
    case "all":
      return true;
    default:
      return false;
  }
}

function isOrder(value: unknown): value is LaunchOrder {
  if (!isObject(value)) return false;
  const { program, args, cwd, env, logPath } = value;
  return (
    typeof program === "string" &&
    typeof cwd === "string" &&
    (logPath === undefined || typeof logPath === "string") &&
    isTexts(args) &&
    isObject(env) &&
    isTexts(Object.values(env))
  );
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
