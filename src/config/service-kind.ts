import type { Config, ServiceOptions } from "./options.ts";
import type { Problem } from "./problem.ts";

/** What only a service has that Tenfold starts itself. */
const ofCommands = ["cwd", "env", "scale", "drain", "startTimeout", "preload"] as const;

/** Each service is either started by a command or runs elsewhere, at urls. */
export function findKindProblems(written: Config): Problem[] {
  return Object.entries(written.services).flatMap(([name, service]: [string, ServiceOptions]): Problem[] => {
    const path = `services.${name}`;
    const { command, urls } = service as { command?: unknown; urls?: unknown };
    if (command === undefined && urls === undefined) {
      const expected = 'a command such as "node src/server.ts", or urls when it runs elsewhere';
      return [{ path: `${path}.command`, found: "nothing", expected }];
    }
    if (urls === undefined) return [];
    if (command !== undefined) {
      return [
        {
          path,
          found: "command and urls",
          expected: "one of them: a command that Tenfold runs, or urls of what runs elsewhere",
        },
      ];
    }
    return ofCommands
      .filter((field) => field in service)
      .map((field) => ({
        path: `${path}.${field}`,
        found: `${field} beside urls`,
        expected: "it only at services with a command: Tenfold does not start this one",
      }));
  });
}
