import type { Conflict } from "./checks/check.ts";
import type { Config, ServiceOptions } from "./options.ts";

/** Each service is started by a command, runs elsewhere, or is a directory of files. */
const kinds = ["command", "urls", "static"] as const;
type Kind = (typeof kinds)[number];

const ofCommands = ["cwd", "env", "scale", "drain", "startTimeout", "preload"] as const;
const ofInstances = ["balance", "health", "retries", "circuit", "overload"] as const;

/** What a service of this kind has not, and why. */
const foreign: Readonly<Record<Kind, { readonly fields: readonly string[]; readonly expected: string }>> = {
  command: { fields: [], expected: "" },
  urls: { fields: ofCommands, expected: "it only at services with a command: Tenfold does not start this one" },
  static: {
    fields: [...ofCommands, ...ofInstances],
    expected: "it only at services with a command or urls: the gateway serves these files itself",
  },
};

/** The kinds that a service names; it should be one. */
export function kindsOf(service: ServiceOptions): Kind[] {
  return kinds.filter((kind) => service[kind] !== undefined);
}

export function findKindProblems(written: Config): Conflict[] {
  return Object.entries(written.services).flatMap(([name, service]): Conflict[] => {
    const path = `services.${name}`;
    const [kind, ...others] = kindsOf(service);
    if (kind === undefined) {
      const expected =
        'a command such as "node src/server.ts", or urls when it runs elsewhere, or static: a folder of files';
      const concerns = kinds.map((each) => `${path}.${each}`);
      return [{ path: `${path}.command`, found: "nothing", expected, concerns }];
    }
    if (others.length > 0) {
      const expected =
        "one of them: a command that Tenfold runs, or urls of what runs elsewhere, or static: a folder of files";
      return [{ path, found: [kind, ...others].join(" and "), expected }];
    }
    const { fields, expected } = foreign[kind];
    return fields
      .filter((field) => field in service)
      .map((field) => ({ path: `${path}.${field}`, found: `${field} beside ${kind}`, expected }));
  });
}
