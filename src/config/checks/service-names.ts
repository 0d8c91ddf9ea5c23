import type { Check, Conflict } from "./check.ts";

/** `"api-next"` → `"API_NEXT_URL"`: the variable by which other services reach it. */
export function urlVariable(service: string): string {
  return `${service.toUpperCase().replaceAll("-", "_")}_URL`;
}

/** Variables of this form that name engines. */
const taken = new Set(["DATABASE_URL", "REDIS_URL", "NATS_URL", "AMQP_URL"]);
const form = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,39}$/;

/** A service's name becomes part of variables, cookies, host names and log lines. */
export const checkServiceNames: Check = ({ serviceNames }) => {
  if (serviceNames.length === 0) {
    return [
      {
        path: "services",
        found: "none",
        expected: 'at least one service, such as { api: { command: "node src/server.ts" } }',
      },
    ];
  }
  const byVariable = new Map<string, string>();
  return serviceNames.flatMap((name): Conflict[] => {
    const path = `services.${name}`;
    const variable = urlVariable(name);
    const other = byVariable.get(variable);
    byVariable.set(variable, name);
    if (other !== undefined) {
      return [
        {
          path,
          found: `a second service whose variable is ${variable}, beside "${other}"`,
          expected: "names that differ in letters and digits",
        },
      ];
    }
    if (!form.test(name)) {
      return [
        {
          path,
          found: `the name ${JSON.stringify(name)}`,
          expected: "lower-case letters, digits and single dashes, beginning with a letter, at most 40",
          ...renamed(name),
        },
      ];
    }
    if (!taken.has(variable)) return [];
    return [
      {
        path,
        found: `the name "${name}"`,
        expected: `another name: its variable would be ${variable}, which names an engine`,
      },
    ];
  });
};

function renamed(name: string): { hint?: string } {
  const guess = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-\d]+|-+$/g, "");
  return form.test(guess) ? { hint: `write "${guess}"` } : {};
}
