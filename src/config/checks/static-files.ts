import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { nearest } from "../../kernel/index.ts";
import type { ResolvedStatic, StaticService } from "../resolved.ts";
import type { Check, Conflict } from "./check.ts";

/** The files of static services are there, and are none that nobody should see. */
export const checkStaticFiles: Check = ({ config, written }) =>
  Object.values(config.services).flatMap((service) => {
    if (service.kind !== "static") return [];
    const { directory } = service.static;
    const isShort = typeof written.services[service.name]?.static === "string";
    const field = `services.${service.name}.static`;
    const path = isShort ? field : `${field}.directory`;
    const stat = statSync(directory, { throwIfNoEntry: false });
    if (stat === undefined) return [missing(path, directory, config.root)];
    if (!stat.isDirectory()) {
      return [{ path, found: `${directory} is a file`, expected: "a folder: its files are served" }];
    }
    if (`${config.root}${sep}`.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`)) {
      const expected = "a folder of its own, such as public: sources, configs and secrets are no files for everybody";
      return [{ path, found: `the folder that holds the config, ${directory}`, expected }];
    }
    return [...checkFallback(field, service.static), ...checkRoutes(field, service)];
  });

function missing(path: string, directory: string, root: string): Conflict {
  const parent = dirname(directory);
  const siblings = statSync(parent, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(parent) : [];
  const near = nearest(basename(directory), siblings);
  const hint =
    near !== undefined
      ? `did you mean "${relative(root, join(parent, near))}"?`
      : /^(?:dist|build|out)$/.test(basename(directory))
        ? "build it first, as with `npm run build`"
        : undefined;
  return {
    path,
    found: `there is no folder ${directory}`,
    expected: "a folder, relative to the config",
    ...(hint === undefined ? {} : { hint }),
  };
}

function checkFallback(field: string, { directory, fallback }: ResolvedStatic): Conflict[] {
  if (fallback === undefined || existsSync(join(directory, fallback))) return [];
  const found = `there is no file ${fallback} in ${directory}`;
  return [{ path: `${field}.fallback`, found, expected: "a file in the directory", concerns: [`${field}.directory`] }];
}

/** Who wants `/assets/app.js` to be `app.js` in the directory must say so: else nothing would ever be found. */
function checkRoutes(field: string, { name, routes, static: files }: StaticService): Conflict[] {
  const { directory, base, fallback } = files;
  if (base !== "/" || fallback !== undefined || routes.length === 0) return [];
  const isEmpty = routes.every(({ path }) => path !== undefined && !existsSync(join(directory, path.value)));
  if (!isEmpty) return [];
  const [first] = routes;
  return [
    {
      path: `services.${name}.routes`,
      found: `${first!.path!.value}, and ${directory} has nothing of that name`,
      expected: "paths as they are in the folder",
      hint: `if ${first!.path!.value} stands for the folder itself, write static: { directory, base: "${first!.path!.value}" }`,
      concerns: [field],
    },
  ];
}
