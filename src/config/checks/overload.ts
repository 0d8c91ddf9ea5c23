import { isDeepStrictEqual } from "node:util";
import type { ResolvedRoute, ResolvedService } from "../resolved.ts";
import type { Check, Conflict } from "./check.ts";
import { isAmbiguous } from "./routes.ts";

/** What is said of a request when there is too much to do is one thing, and can have an effect. */
export const checkOverload: Check = ({ config }) =>
  Object.values(config.services).flatMap((service) => [...checkBounds(service), ...checkRivals(service)]);

/** More than its service's a route can never have. */
function checkBounds({ name, routes, overload }: ResolvedService): Conflict[] {
  const most = overload === false || overload.concurrency === "adaptive" ? Infinity : overload.concurrency;
  return routes.flatMap(({ concurrency }, index): Conflict[] => {
    if (concurrency === undefined || concurrency.max <= most) return [];
    return [
      {
        path: `services.${name}.routes[${index}].concurrency`,
        found: String(concurrency.max),
        expected: `at most the service's, which is ${most}`,
        concerns: [`services.${name}.overload`],
      },
    ];
  });
}

function checkRivals({ name, routes }: ResolvedService): Conflict[] {
  return routes.flatMap((route, index): Conflict[] => {
    const rival = routes.findIndex((other) => isAmbiguous(other, route));
    const field = fields.find((each) => !isDeepStrictEqual(routes[rival]![each], route[each]));
    if (rival === index || field === undefined) return [];
    const found = `the requests of routes[${rival}] again, with another ${field}`;
    return [{ path: `services.${name}.routes[${index}]`, found, expected: `one ${field} for the same requests` }];
  });
}

const fields = ["priority", "concurrency", "brownout"] as const satisfies readonly (keyof ResolvedRoute)[];
