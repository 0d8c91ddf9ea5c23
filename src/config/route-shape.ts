import { METHODS } from "node:http";
import { z } from "zod";
import { nearest } from "../kernel/index.ts";
import { either, explained, type Fault, list, record, section, text } from "./fields.ts";
import { isToken } from "./token.ts";
import { isHostPattern } from "./host-name.ts";
import { parsePathPattern, parseRouteText } from "./route-pattern.ts";

/** The shape of what tells requests apart: routes of a service, and what limits concern. */

export const pathPattern = (example: string) =>
  explained(z.string({ error: `a path such as "${example}"` }), (value) => toFault(parsePathPattern(value)));

const method = explained(z.string({ error: 'a method such as "GET"' }), (value) => {
  if (METHODS.includes(value)) return undefined;
  const near = nearest(value.toUpperCase(), METHODS);
  return {
    expected: 'an HTTP method in capitals, such as "GET"',
    ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
  };
});

const condition = (kind: string) =>
  record(
    `${kind} names with the text they must have, or true`,
    either("text, or true: present", [z.string(), z.literal(true)]),
    { expected: `a ${kind} name`, isName: isToken },
  );

const conditions = {
  path: pathPattern("/api/*").optional(),
  host: text('a host name such as "api.example.com" or "*.example.com", without a port', isHostPattern).optional(),
  method: either('a method such as "GET", or a list', [
    method,
    list('a method such as "GET", or a list', method).min(1, { error: "at least one method" }),
  ]).optional(),
  header: condition("header").optional(),
  cookie: condition("cookie").optional(),
};

/** @param more what is said of its requests beside which they are */
export function routeOf<T extends z.ZodRawShape>(more: T) {
  const names = Object.keys({ ...conditions, ...more }).join(", ");
  return either(`a path such as "/api/*", a host and path, or { ${names} }`, [
    explained(z.string(), (value) => toFault(parseRouteText(value))),
    section({ ...conditions, ...more }),
  ]);
}

function toFault(parsed: object | undefined): Fault | undefined {
  return parsed !== undefined && "fault" in parsed ? { expected: String(parsed.fault) } : undefined;
}
