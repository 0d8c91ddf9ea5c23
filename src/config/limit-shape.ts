import { z } from "zod";
import { choice, duration, either, explained, type Fault, list, record, section, text, whole } from "./fields.ts";
import { isToken } from "./token.ts";
import { isNetwork } from "./host-name.ts";
import { parseInstant } from "./instant.ts";
import { jwtAlgorithms } from "./jwt-algorithms.ts";
import { isFault, parseLimitKey, parseLimitText, parseRate } from "./limit-text.ts";
import { parseRouteText } from "./route-pattern.ts";
import { routeOf } from "./route-shape.ts";

/** The shape of what is said about limits and overload. */

/** What limits, tiers and events are called: in answers to clients, in the CLI, and behind a slash. */
const names = {
  expected: "letters, digits, dashes and underscores, at most 64",
  isName: (name: string) => /^\w[\w-]{0,63}$/.test(name),
};

const rateForm = 'a rate such as "100/minute"';
const limitForm = `${rateForm} or "100/minute per ip"`;
const faultOf = (parsed: object): Fault | undefined => (isFault(parsed) ? parsed : undefined);

const limitText = explained(z.string({ error: limitForm }), (value) => faultOf(parseLimitText(value)));
const otherRate = either(`${rateForm}, or "unlimited"`, [
  z.literal("unlimited"),
  explained(z.string({ error: rateForm }), (value) => faultOf(parseRate(value))),
]);

const keyForm = 'one of "ip", "header:<name>", "cookie:<name>", "claim:<name>", "service", "route"';
const key = explained(z.string({ error: keyForm }), (value) => faultOf(parseLimitKey(value)));

const weight = whole(1, 1_000_000);

const limit = either(`${limitForm}, or { rate, per, … }`, [
  limitText,
  section({
    rate: limitText,
    per: either(keyForm, [key, list(`a list such as ["claim:tenant", "claim:sub"]`, key)]).optional(),
    algorithm: choice(["sliding-window", "gcra"]).optional(),
    burst: whole(1, 1_000_000_000).optional(),
    routes: list('a list of routes such as ["/api/*"]', routeOf({})).optional(),
    weight: either('a whole number, or one by route, such as { "/api/search/*": 5 }', [
      weight,
      record('weights by route, such as { "/api/search/*": 5 }', weight, {
        expected: 'a path such as "/api/*", or a host and a path such as "api.example.com/v1/*"',
        isName: (name) => !("fault" in parseRouteText(name)),
      }),
    ]).optional(),
    tiers: record('rates by tier, such as { partner: "1000/minute" }', otherRate).optional(),
    mode: choice(["exact", "leased"]).optional(),
    whenAway: choice(["local", "open", "closed"]).optional(),
    maxKeys: whole(1, 10_000_000).optional(),
  }),
]);

/** Of a service, or of the gateway. */
export const limits = record('limits by name, such as { login: "5/minute per ip" }', limit, names);

const oneOrMore = (expected: string, item: z.ZodType<string>) =>
  either(`${expected}, or a list`, [item, list(`${expected}, or a list`, item).min(1, { error: "at least one" })]);

const networkForm = 'an address or a network such as "10.0.0.0/8"';
const held = text("what it must hold");

export const tiers = record(
  'callers by tier, such as { partner: { header: { "x-api-key": env("PARTNER_KEY") } } }',
  section({
    ip: oneOrMore(networkForm, text(networkForm, isNetwork)).optional(),
    header: record("header names with what they must hold", oneOrMore("text", held), {
      expected: "a header name",
      isName: isToken,
    }).optional(),
    claim: record("claims with what they must be", oneOrMore("text", held)).optional(),
  }),
  names,
);

const instantForm = 'a time with its offset, such as "2026-11-27T00:00:00Z"';
const instant = explained(z.string({ error: instantForm }), (value): Fault | undefined => {
  if (parseInstant(value) !== undefined) return undefined;
  const guess = [`${value}Z`, `${value}T00:00:00Z`, `${value.replace(" ", "T")}Z`].find(
    (each) => parseInstant(each) !== undefined,
  );
  return { expected: instantForm, ...(guess === undefined ? {} : { hint: `say which offset; in UTC: "${guess}"` }) };
});

export const events = record(
  'events by name, such as { "black-friday": { from, until, limits } }',
  section({
    from: instant,
    until: instant,
    limits: record('rates by limit, or "<limit>/<tier>"', otherRate),
  }),
  names,
);

const urlForm = 'a URL such as "https://issuer.example/.well-known/jwks.json"';
const filled = text("text that is not empty");

export const jwt = section({
  secret: filled.optional(),
  publicKey: text('a PEM file such as "jwt-public.pem", relative to the config, or its content').optional(),
  jwks: text(urlForm, (value) => /^https?:$/.test(URL.parse(value)?.protocol ?? "")).optional(),
  issuer: filled.optional(),
  audience: oneOrMore("text", filled).optional(),
  algorithms: list('a list such as ["RS256"]', choice(jwtAlgorithms)).min(1, { error: "at least one" }).optional(),
  header: text("a header name", isToken).optional(),
  cookie: text("the name of a cookie", isToken).optional(),
});

const queue = whole(0, 1_000_000);
const concurrent = whole(1, 1_000_000);

export const overload = either("{ concurrency, queue, queueTimeout, deadlineHeader }, or false", [
  z.literal(false),
  section({
    concurrency: either('"adaptive", or a whole number', [z.literal("adaptive"), concurrent]).optional(),
    queue: queue.optional(),
    queueTimeout: duration().optional(),
    deadlineHeader: either("a header name, or false", [z.literal(false), text("a header name", isToken)]).optional(),
  }),
]);

/** Of a route. */
export const routeConcurrency = either("a whole number, or { max, queue, queueTimeout }", [
  concurrent,
  section({ max: concurrent, queue: queue.optional(), queueTimeout: duration().optional() }),
]);

export const priority = choice(["critical", "normal", "background"]);
