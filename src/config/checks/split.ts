import { formatPercent, nearest } from "../../kernel/index.ts";
import type { Check, Conflict, Subject } from "./check.ts";

/** A share goes to another service that exists; what is left stays; nothing comes back. */
export const checkSplit: Check = (subject) =>
  Object.values(subject.config.services).flatMap(({ name, split }) => {
    const targets = Object.keys(split).flatMap((target) => checkTarget(name, target, subject));
    return targets.concat(checkSum(`services.${name}.split`, split));
  });

function checkSum(path: string, split: Readonly<Record<string, number>>): Conflict[] {
  const sum = Object.values(split).reduce((total, share) => total + share, 0);
  // Shares are fractions in binary: three thirds may be a little more than one.
  if (sum <= 1 + 1e-9) return [];
  return [{ path, found: `shares of ${formatPercent(sum)} in all`, expected: "at most 100%" }];
}

function checkTarget(name: string, target: string, { config, serviceNames }: Subject): Conflict[] {
  const path = `services.${name}.split.${target}`;
  if (target === name) {
    return [{ path, found: "the service itself", expected: "another service: what is not given away stays here" }];
  }
  if (!serviceNames.includes(target)) return [unknownService(path, target, serviceNames)];
  const circle = wayBack(name, target, (service) => Object.keys(config.services[service]?.split ?? {}));
  if (circle === undefined) return [];
  const concerns = circle.map((service) => `services.${service}.split`);
  return [{ path, found: `a circle: ${circle.join(" → ")}`, expected: "shares that do not come back", concerns }];
}

function unknownService(path: string, target: string, names: readonly string[]): Conflict {
  const near = nearest(target, names);
  return {
    path,
    found: `no service "${target}"`,
    expected: `one of ${names.join(", ")}`,
    ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
  };
}

/** The way from `start` over `next` back to `start`. */
function wayBack(start: string, next: string, targetsOf: (service: string) => readonly string[]): string[] | undefined {
  const seen = new Set<string>();
  const walk = (service: string, way: readonly string[]): string[] | undefined => {
    if (service === start) return [...way, service];
    if (seen.has(service)) return undefined;
    seen.add(service);
    for (const target of targetsOf(service)) {
      const found = walk(target, [...way, service]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(next, [start]);
}
