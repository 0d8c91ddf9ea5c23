import { isDeepStrictEqual } from "node:util";
import { totalmem } from "node:os";
import { formatBytes } from "../../kernel/index.ts";
import { foundText } from "../found.ts";
import type { RouteOptions, ServiceOptions } from "../options.ts";
import type { Check, Conflict } from "./check.ts";
import { isAmbiguous } from "./routes.ts";

/** The cache fits into the machine, and what is said about caching has an effect, and one only. */
export const checkCache: Check = ({ config, written }) => [
  ...checkBudget(config.gateway.cacheBytes, memoryBytes()),
  ...(config.gateway.cacheBytes === 0 ? Object.entries(written.services).flatMap(findSaidInVain) : []),
  ...Object.values(config.services).flatMap(({ name, routes }) =>
    routes.flatMap((route, index): Conflict[] => {
      const rival = routes.findIndex((other) => isAmbiguous(other, route));
      if (rival === index || isDeepStrictEqual(routes[rival]!.cache, route.cache)) return [];
      const path = `services.${name}.routes[${index}]`;
      const found = `the requests of routes[${rival}] again, with another cache`;
      return [{ path, found, expected: "one cache for the same requests" }];
    }),
  ),
];

/** The budget is of what is stored: instances, the database and the gateways themselves need the rest. */
export function checkBudget(cacheBytes: number, memory: number): Conflict[] {
  if (cacheBytes <= memory / 2) return [];
  const most = formatBytes(Math.floor(memory / 2 / mebibyte) * mebibyte);
  return [
    {
      path: "gateway.cache",
      found: `${formatBytes(cacheBytes)}, more than half of this machine's memory`,
      expected: `at most ${most}`,
      hint: "what does not fit is given up by itself, least asked for first: a small cache holds most of what counts",
    },
  ];
}

const mebibyte = 1024 * 1024;

/** What this process may use: a container's limit is often less than the machine has. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function findSaidInVain([name, { cache, routes = [] }]: [string, ServiceOptions]): Conflict[] {
  const said = [
    { path: `services.${name}.cache`, cache },
    ...routes.map((route: string | RouteOptions, index) => ({
      path: `services.${name}.routes[${index}].cache`,
      cache: typeof route === "string" ? undefined : route.cache,
    })),
  ];
  return said
    .filter(({ cache }) => cache !== undefined && cache !== false)
    .map(({ path, cache }) => ({
      path,
      found: `${foundText(cache, path)}, while gateway.cache is off`,
      expected: "a gateway that caches, or nothing here",
      hint: 'give gateway.cache a size, such as "64MiB"',
      concerns: ["gateway.cache"],
    }));
}
