import { foundText } from "../found.ts";
import type { FilledHealth, FilledService } from "../fill.ts";
import { parseDuration } from "../../kernel/index.ts";
import type { Check, Conflict } from "./check.ts";

/** What the values of one service must be to each other. */
export const checkServices: Check = ({ filled, written }) =>
  Object.entries(filled.services).flatMap(([name, service]) => {
    const at = `services.${name}`;
    const hasResponse = written.services[name]?.timeouts?.response !== undefined;
    const timeouts = checkTimeouts(at, service, hasResponse);
    if (service.static !== undefined) return timeouts;
    const ofKind =
      service.urls === undefined
        ? [checkScale(at, service.scale), checkEnv(at, service.env)]
        : [checkUpstreams(at, service.urls)];
    return [ofKind, checkHealth(at, service.health), timeouts].flat(2);
  });

function checkScale(at: string, { min, max }: { readonly min: number; readonly max: number }): Conflict[] {
  if (min <= max) return [];
  return [
    {
      path: `${at}.scale.min`,
      found: String(min),
      expected: `at most max, which is ${max}`,
      concerns: [`${at}.scale.max`],
    },
  ];
}

function checkEnv(at: string, env: Readonly<Record<string, string>>): Conflict[] {
  return Object.entries(env).flatMap(([name, value]): Conflict[] => {
    if (name !== "PORT" && !name.startsWith("TENFOLD_")) return [];
    const path = `${at}.env.${name}`;
    return [{ path, found: foundText(value, path), expected: `no ${name}: Tenfold gives each instance its own` }];
  });
}

function checkUpstreams(at: string, urls: readonly (string | { url: string })[]): Conflict[] {
  const origins = urls.map((each) => new URL(typeof each === "string" ? each : each.url).origin);
  return origins.flatMap((origin, index): Conflict[] => {
    const first = origins.indexOf(origin);
    if (first === index) return [];
    return [
      {
        path: `${at}.urls[${index}]`,
        found: `${origin} again, as at urls[${first}]`,
        expected: "each once; weight gives it more",
      },
    ];
  });
}

function checkHealth(at: string, health: FilledHealth): Conflict[] {
  if (health === false || parseDuration(health.timeout)! <= parseDuration(health.interval)!) return [];
  const expected = `at most the interval, which is "${health.interval}"`;
  return [
    { path: `${at}.health.timeout`, found: `"${health.timeout}"`, expected, concerns: [`${at}.health.interval`] },
  ];
}

/** A total that ends before a step that was asked for makes that step mean nothing. */
function checkTimeouts(at: string, { timeouts }: FilledService, isResponseWritten: boolean): Conflict[] {
  const total = parseDuration(timeouts.total)!;
  if (total === 0) return [];
  const steps = isResponseWritten ? (["connect", "response"] as const) : (["connect"] as const);
  return steps.flatMap((step): Conflict[] => {
    if (parseDuration(timeouts[step])! <= total) return [];
    const expected = `at most total, which is "${timeouts.total}"`;
    return [
      { path: `${at}.timeouts.${step}`, found: `"${timeouts[step]}"`, expected, concerns: [`${at}.timeouts.total`] },
    ];
  });
}
