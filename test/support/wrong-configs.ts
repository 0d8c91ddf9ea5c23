/** A config that must be refused, and what its message must say. */
export interface WrongConfig {
  readonly name: string;
  /** Content of `tenfold.config.ts`. */
  readonly config: string;
  /** Added to the real environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Each matches the message. */
  readonly expect: readonly RegExp[];
}

const define = (content: string): string =>
  `import { defineConfig, env } from "tenfold";\nexport default defineConfig(${content} as never);\n`;
const services = (content: string): string => define(`{ services: { ${content} } }`);
const gateway = (fields: string): string =>
  define(`{ services: { api: { command: "node --eval 0" } }, gateway: { ${fields} } }`);
const api = (fields: string): string => services(`api: { command: "node --eval 0", ${fields} }`);

export const wrongConfigs: readonly WrongConfig[] = [
  {
    name: "an unknown key at the top",
    config: define(`{ services: { api: { command: "node --eval 0" } }, gatway: { port: 1 } }`),
    expect: [/^ {2}gatway$/m, /an unknown name/, /did you mean "gateway"\?/],
  },
  {
    name: "an unknown key deep inside",
    config: api(`health: { path: "/readyz", intervall: "5s" }`),
    expect: [/services\.api\.health\.intervall/, /one of path, interval, timeout/, /did you mean "interval"\?/],
  },
  {
    name: "a wrong unit",
    config: api(`drain: "5 seconds"`),
    expect: [/services\.api\.drain/, /found: +"5 seconds"/, /a duration such as/, /did you mean "5s"\?/],
  },
  {
    name: "a number where a size is expected",
    config: define(`{ services: { api: { command: "node --eval 0" } }, gateway: { maxBody: 1024 } }`),
    expect: [/gateway\.maxBody/, /found: +1024/, /a size such as "16KiB"/],
  },
  {
    name: "a misspelt algorithm",
    config: api(`balance: "least-conections"`),
    expect: [/services\.api\.balance/, /did you mean "least-connections"\?/],
  },
  {
    name: "min above max",
    config: api(`scale: { min: 8, max: 4 }`),
    expect: [/services\.api\.scale\.min/, /found: +8/, /at most max, which is 4/],
  },
  {
    name: "no command",
    config: services(`api: { routes: ["/api/*"] }`),
    expect: [/services\.api\.command/, /found: +nothing/, /a command such as "node src\/server\.ts", or urls/],
  },
  {
    name: "a command and urls",
    config: api(`urls: ["http://10.0.0.5:3000"]`),
    expect: [/services\.api$/m, /command and urls/, /one of them/],
  },
  {
    name: "a folder of files that does not exist",
    config: services(`web: { static: "no-such-folder" }`),
    expect: [/services\.web\.static$/m, /there is no folder .*no-such-folder/, /a folder, relative to the config/],
  },
  {
    name: "a file where a folder of files is expected",
    config: services(`web: { static: { directory: "tenfold.config.ts" } }`),
    expect: [/services\.web\.static\.directory/, /tenfold\.config\.ts is a file/],
  },
  {
    name: "the project itself as files for everybody",
    config: services(`web: { static: "." }`),
    expect: [/services\.web\.static$/m, /the folder that holds the config/, /such as public/],
  },
  {
    name: "files with a command, and with what only instances have",
    config: services(`web: { static: "/", health: "/readyz" }, api: { static: "x", command: "node --eval 0" }`),
    expect: [/services\.web\.health/, /health beside static/, /services\.api$/m, /command and static/],
  },
  {
    name: "shell operators",
    config: services(`api: { command: "npm run build && node dist/server.js" }`),
    expect: [
      /services\.api\.command/,
      /the shell operator &/,
      /\["sh", "-c", "npm run build && node dist\/server\.js"\]/,
    ],
  },
  {
    name: "a variable before the program",
    config: services(`api: { command: "NODE_ENV=production node --eval 0" }`),
    expect: [/services\.api\.command/, /NODE_ENV before the program/, /env: \{ NODE_ENV: "production" \}/],
  },
  {
    name: "a program that is not installed",
    config: services(`api: { command: "no-such-program --serve" }`),
    expect: [/services\.api\.command/, /no program "no-such-program"/, /install it/],
  },
  {
    name: "a folder that does not exist",
    config: api(`cwd: "packages/nowhere"`),
    expect: [/services\.api\.cwd/, /there is no folder .*packages\/nowhere/],
  },
  {
    name: "the same route at two services",
    config: services(
      `api: { command: "node --eval 0", routes: ["/api/*"] }, next: { command: "node --eval 0", routes: ["/v2/*", { path: "/api/*" }] }`,
    ),
    expect: [/services\.next\.routes\[1\]/, /\/api\/\*, which services\.api\.routes\[0\] claims too/],
  },
  {
    name: "two services without routes",
    config: services(`api: { command: "node --eval 0" }, mailer: { command: "node --eval 0" }`),
    expect: [/services\.mailer\.routes/, /"api"/, /at most one service without routes/, /routes: \[\]/],
  },
  {
    name: "a path without its slash, and a star in the middle",
    config: api(`routes: ["api/*", "/users/*/posts"]`),
    expect: [/routes\[0\]/, /found: +"api\/\*"/, /routes\[1\]/, /"\*" only as the last step/],
  },
  {
    name: "a port out of range",
    config: define(`{ services: { api: { command: "node --eval 0" } }, gateway: { port: 80800 } }`),
    expect: [/gateway\.port/, /found: +80800/, /a whole number from 0 to 65535/],
  },
  {
    name: "one port for two",
    config: define(`{ services: { api: { command: "node --eval 0" } }, gateway: { port: 8081 } }`),
    expect: [/control\.port/, /found: +8081/, /another port than gateway\.port/],
  },
  {
    name: "a control API for the world without a token",
    config: define(`{ services: { api: { command: "node --eval 0" } }, control: { host: "0.0.0.0" } }`),
    expect: [/control\.host/, /without a token/, /TENFOLD_CONTROL_TOKEN/],
  },
  {
    name: "no services",
    config: define(`{ services: {} }`),
    expect: [/services/, /at least one service/],
  },
  {
    name: "a service name that fits no variable",
    config: services(`"My_API": { command: "node --eval 0" }`),
    expect: [/services\.My_API/, /lower-case letters, digits and single dashes/, /write "my-api"/],
  },
  {
    name: "a url with a path, and one without a scheme",
    config: services(`api: { urls: ["http://10.0.0.5:3000/api", "10.0.0.6:3000"] }`),
    expect: [/urls\[0\]/, /write "http:\/\/10\.0\.0\.5:3000"/, /urls\[1\]/, /write "http:\/\/10\.0\.0\.6:3000"/],
  },
  {
    name: "a canary that does not exist, and too large shares",
    config: services(
      `api: { command: "node --eval 0", split: { "api-nxt": "60%", web: "50%" } }, "api-next": { command: "node --eval 0", routes: [] }, ` +
        `web: { command: "node --eval 0", routes: [] }`,
    ),
    expect: [/split\.api-nxt/, /did you mean "api-next"\?/, /shares of 110% in all/, /at most 100%/],
  },
  {
    name: "a missing environment variable",
    config: services(`api: { command: "node --eval 0", env: { JWT_SECRET: env("TENFOLD_TEST_MISSING") } }`),
    expect: [/services\.api\.env\.JWT_SECRET/, /environment variable TENFOLD_TEST_MISSING is not set/, /\.env\.local/],
  },
  {
    name: "a database URL that is none",
    config: api(""),
    env: { DATABASE_URL: "mysql://root:hunter2@localhost/app" },
    expect: [
      /DATABASE_URL/,
      /"mysql:\/\/root:\*\*\*@localhost\/app"/,
      /postgres:\/\/user:password@host:5432\/database/,
    ],
  },
  {
    name: "a health check slower than its interval",
    config: api(`health: { interval: "1s", timeout: "3s" }`),
    expect: [/services\.api\.health\.timeout/, /found: +"3s"/, /at most the interval, which is "1s"/],
  },
  {
    name: "a network with too many bits",
    config: define(`{ services: { api: { command: "node --eval 0" } }, gateway: { trustedProxies: ["10.0.0.0/33"] } }`),
    expect: [/gateway\.trustedProxies\[0\]/, /"10\.0\.0\.0\/33"/, /a network such as "10\.0\.0\.0\/8"/],
  },
  {
    name: "a cache larger than the machine",
    config: define(`{ services: { api: { command: "node --eval 0" } }, gateway: { cache: "900000GiB" } }`),
    expect: [/gateway\.cache/, /900000GiB, more than half of this machine's memory/, /at most \d+[MG]iB/],
  },
  {
    name: "a cache that is too small to be one",
    config: define(`{ services: { api: { command: "node --eval 0" } }, gateway: { cache: "64KiB" } }`),
    expect: [/gateway\.cache/, /found: +"64KiB"/, /a size of at least "1MiB" such as "64MiB", or false/],
  },
  {
    name: "caching at a service while the gateway does not cache",
    config: define(`{ services: { api: { command: "node --eval 0", cache: "5s" } }, gateway: { cache: false } }`),
    expect: [/services\.api\.cache/, /"5s", while gateway\.cache is off/, /give gateway\.cache a size/],
  },
  {
    name: "a misspelt cache option, and a key without its kind",
    config: api(`cache: { ttl: "5s", staleIfErorr: "1m", cookies: "ignor", key: ["x-tenant"] }`),
    expect: [
      /services\.api\.cache\.staleIfErorr/,
      /did you mean "staleIfError"\?/,
      /cache\.cookies[^]*did you mean "ignore"\?/,
      /cache\.key\[0\][^]*write "header:x-tenant" or "cookie:x-tenant"/,
    ],
  },
  {
    name: "a lifetime that is none, at a route",
    config: api(`routes: [{ path: "/a", cache: { ttl: "5 seconds" } }]`),
    expect: [/routes\[0\]\.cache\.ttl/, /found: +"5 seconds"/, /did you mean "5s"\?/],
  },
  {
    name: "media types with parameters",
    config: define(
      `{ services: { api: { command: "node --eval 0" } }, gateway: { compression: { types: ["text/html; charset=utf-8", "json"] } } }`,
    ),
    expect: [/types\[0\][^]*write "text\/html"/, /types\[1\]/, /a media type such as "application\/json"/],
  },
  {
    name: "limits in words that are no rates",
    config: gateway(`limits: { a: "100 per minute", b: "100rpm per ip", c: "100/min", d: { rate: "5/fortnight" } }`),
    expect: [
      /gateway\.limits\.a\n +found: +"100 per minute"/,
      /expected: a limit such as "100\/minute per ip"/,
      /a\n[^]*did you mean "100\/minute"\?[^]*limits\.b\n[^]*did you mean "100\/minute per ip"\?[^]*limits\.c\n[^]*did you mean "100\/minute"\?/,
      /gateway\.limits\.d\.rate/,
    ],
  },
  {
    name: "limits counted for nobody that there is",
    config: gateway(`limits: { a: "100/minute per user", b: { rate: "5/second", per: "haeder:x-api-key" } }`),
    expect: [
      /gateway\.limits\.a\n +found: +"user"\n +expected: "ip", "service", "route", "header:<name>"/,
      /gateway\.limits\.b\.per\n[^]*did you mean "header:x-api-key"\?/,
    ],
  },
  {
    name: "a limit and a tier by claims that nothing verifies",
    config: gateway(`limits: { user: "100/minute per claim:sub" }, tiers: { staff: { claim: { role: "staff" } } }`),
    expect: [
      /gateway\.limits\.user\n +found: +the claim "sub", and nothing verifies JWTs/,
      /gateway\.tiers\.staff\.claim/,
      /jwt: \{ secret: env\("JWT_SECRET"\) \}/,
    ],
  },
  {
    name: "tiers and limits that do not exist",
    config: gateway(
      `tiers: { partner: { ip: "10.0.0.0/8" } }, limits: { all: { rate: "100/minute", tiers: { partnr: "1000/minute" } } }, ` +
        `events: { sale: { from: "2026-11-27T00:00:00Z", until: "2026-11-28T00:00:00Z", limits: { al: "500/minute" } } }`,
    ),
    expect: [
      /gateway\.limits\.all\.tiers\.partnr\n +found: +no tier "partnr"\n +expected: one of partner\n +fix: +did you mean "partner"\?/,
      /gateway\.events\.sale\.limits\.al\n +found: +no limit "al"[^]*did you mean "all"\?/,
    ],
  },
  {
    name: "events without an offset, and one that ends before it begins",
    config: gateway(
      `limits: { all: "100/minute" }, events: { ` +
        `a: { from: "2026-11-27", until: "2026-11-28T00:00:00", limits: {} }, ` +
        `b: { from: "2026-02-30T00:00:00Z", until: "2026-11-28T00:00:00Z", limits: {} } }`,
    ),
    expect: [
      /gateway\.events\.a\.from[^]*a time with its offset[^]*in UTC: "2026-11-27T00:00:00Z"/,
      /gateway\.events\.a\.until[^]*in UTC: "2026-11-28T00:00:00Z"/,
      /gateway\.events\.b\.from/,
    ],
  },
  {
    name: "an event that ends before it begins",
    config: gateway(
      `limits: { all: "100/minute" }, events: { sale: { from: "2026-11-27T00:00:00Z", until: "2026-11-27T00:30+01:00", limits: { all: "1/second" } } }`,
    ),
    expect: [/gateway\.events\.sale\.until/, /later than from, which is "2026-11-27T00:00:00Z"/],
  },
  {
    name: "one name for two limits",
    config: define(
      `{ services: { api: { command: "node --eval 0", limits: { login: "5/minute per ip" } } }, gateway: { limits: { login: "9/minute per ip" } } }`,
    ),
    expect: [/services\.api\.limits\.login/, /the name of gateway\.limits\.login again/],
  },
  {
    name: "what a limit cannot have at once",
    config: gateway(
      `tiers: { slow: { ip: "10.0.0.1" } }, limits: { a: { rate: "10/second burst 20", algorithm: "sliding-window" }, ` +
        `b: { rate: "10/second", weight: { "/search/*": 11 } }, c: { rate: "10/second", weight: 5, tiers: { slow: "4/second" } }, ` +
        `d: { rate: "10/second per ip", per: "route" }, e: { rate: "10/second", tiers: { slow: "4/second burst 8" } } }`,
    ),
    expect: [
      /limits\.a\.rate\n +found: +a burst of a sliding window/,
      /limits\.b\.weight\n +found: +11, more than can be had at once[^]*at most 10/,
      /limits\.c\.weight\n +found: +5, more than can be had at once of its tier "slow"[^]*at most 4/,
      /limits\.d\.per\n +found: +per in "10\/second per ip", and again/,
      /limits\.e\.tiers\.slow[^]*write "4\/second"/,
    ],
  },
  {
    name: "an event in which a request could never be let through",
    config: gateway(
      `limits: { all: { rate: "100/minute", weight: 5 } }, events: { calm: { from: "2026-11-27T00:00Z", until: "2026-11-28T00:00Z", limits: { all: "4/minute" } } }`,
    ),
    expect: [/gateway\.events\.calm\.limits\.all\n +found: +"4\/minute", while requests of all may count for 5/],
  },
  {
    name: "names and routes of limits that cannot be",
    config: gateway(
      `limits: { "a/b": "5/second", c: { rate: "5/second", weight: { "api/*": 2 } }, d: { rate: "5/second", routes: [{ path: "/x", cache: "5s" }] } }`,
    ),
    expect: [
      /gateway\.limits\["a\/b"\]\n +found: +the name "a\/b"\n +expected: letters, digits, dashes and underscores/,
      /gateway\.limits\.c\.weight\["api\/\*"\][^]*a path such as "\/api\/\*"/,
      /gateway\.limits\.d\.routes\[0\]\.cache\n +found: +an unknown name/,
    ],
  },
  {
    name: "several keys for JWTs",
    config: gateway(`jwt: { secret: "hunter2", jwks: "https://issuer.example/jwks.json" }`),
    expect: [/gateway\.jwt\n +found: +secret and jwks\n +expected: exactly one of secret, publicKey, jwks/],
  },
  {
    name: "no key for JWTs",
    config: gateway(`jwt: { issuer: "https://issuer.example" }`),
    expect: [/gateway\.jwt\n +found: +no key/, /write secret: env\("JWT_SECRET"\)/],
  },
  {
    name: "a public key that is not there",
    config: gateway(`jwt: { publicKey: "keys/public.pem" }`),
    expect: [/gateway\.jwt\.publicKey\n +found: +there is no file .*keys\/public\.pem/, /BEGIN PUBLIC KEY/],
  },
  {
    name: "a public key file that holds none",
    config: gateway(`jwt: { publicKey: "tenfold.config.ts" }`),
    expect: [/gateway\.jwt\.publicKey\n +found: +no key that can be read in .*tenfold\.config\.ts/],
  },
  {
    name: "algorithms that a key does not fit",
    config: gateway(`jwt: { secret: "hunter2", algorithms: ["RS256"] }`),
    expect: [/gateway\.jwt\.algorithms\[0\]\n +found: +"RS256", for which secret is no key/, /HS256, HS384, HS512/],
  },
  {
    name: "JWTs that are not signed",
    config: gateway(`jwt: { secret: "hunter2", algorithms: ["none"] }`),
    expect: [/gateway\.jwt\.algorithms\[0\]\n +found: +"none"/],
  },
  {
    name: "a tier for everybody, and one by a network that is none",
    config: gateway(`tiers: { all: {}, own: { ip: ["10.0.0.0/8"] } }`),
    expect: [/gateway\.tiers\.all\n +found: +nothing: everybody would be of this tier/, /one of ip, header, claim/],
  },
  {
    name: "a tier by a network that is none",
    config: gateway(`tiers: { own: { ip: ["10.0.0.0/8", "10.0.0.256"], header: { "x-api-key": 5 } } }`),
    expect: [/gateway\.tiers\.own\.ip\[1\]\n +found: +"10\.0\.0\.256"/, /tiers\.own\.header\.x-api-key/],
  },
  {
    name: "overload of files",
    config: services(`web: { static: "/", overload: { queue: 10 } }`),
    expect: [/services\.web\.overload\n +found: +overload beside static/],
  },
  {
    name: "overload that is none",
    config: api(`overload: { concurency: 10, deadlineHeader: "x timeout" }`),
    expect: [/services\.api\.overload\.concurency[^]*did you mean "concurrency"\?/, /overload\.deadlineHeader/],
  },
  {
    name: "a route that may have more than its service",
    config: api(`overload: { concurrency: 20 }, routes: ["/*", { path: "/search/*", concurrency: 50 }]`),
    expect: [/services\.api\.routes\[1\]\.concurrency\n +found: +50/, /at most the service's, which is 20/],
  },
  {
    name: "one request of two priorities",
    config: api(`routes: [{ path: "/a", priority: "critical" }, "/a", { path: "/b", priority: "urgent" }]`),
    expect: [/routes\[2\]\.priority\n +found: +"urgent"\n +expected: one of "critical", "normal", "background"/],
  },
  {
    name: "one request with two things said about its overload",
    config: api(`routes: [{ path: "/a", priority: "critical" }, "/a", { path: "/b", brownout: true }, "/b"]`),
    expect: [
      /routes\[1\]\n +found: +the requests of routes\[0\] again, with another priority/,
      /routes\[3\]\n +found: +the requests of routes\[2\] again, with another brownout/,
    ],
  },
  {
    name: "priorities and less work where nothing is held back",
    config: services(
      `api: { command: "node --eval 0", overload: false, routes: [{ path: "/a", priority: "critical" }, { path: "/b", brownout: true, concurrency: 5 }] }, ` +
        `web: { static: "/", routes: [{ path: "/files/*", priority: "background" }] }`,
    ),
    expect: [
      /services\.api\.routes\[0\]\.priority\n +found: +"critical", while overload is false/,
      /services\.api\.routes\[1\]\.brownout\n +found: +true, while[^]*leave overload away at services\.api/,
      /services\.web\.routes\[0\]\.priority\n +found: +"background", of files/,
    ],
  },
  {
    name: "a Redis URL that is none",
    config: api(""),
    env: { REDIS_URL: "http://:hunter2@localhost:6379" },
    expect: [/REDIS_URL\n +found: +"http:\/\/:\*\*\*@localhost:6379"/, /redis:\/\/user:password@host:6379\/0, rediss:/],
  },
  {
    name: "a Redis without its scheme",
    config: api(""),
    env: { REDIS_URL: "localhost:6379" },
    expect: [/REDIS_URL\n +found: +"localhost:6379"/, /write "redis:\/\/localhost:6379"/],
  },
  {
    name: "several at once",
    config: define(
      `{ services: { api: { comand: "node --eval 0", scale: { min: "two" } } }, gateway: { port: "8080", host: "local host" }, orphanGrace: 30 }`,
    ),
    expect: [
      /has 5 problems/,
      /services\.api\.comand/,
      /services\.api\.scale\.min/,
      /gateway\.port/,
      /gateway\.host/,
      /orphanGrace/,
    ],
  },
  {
    name: "a function instead of data",
    config: `export default { services: { api: { command: () => "node server.js" } } };\n`,
    expect: [/services\.api\.command/, /a function \(command\)/, /plain data/],
  },
  {
    name: "no default export",
    config: `export const config = { services: {} };\n`,
    expect: [/has no default export, only config/],
  },
  {
    name: "a syntax error",
    config: `export default {\n  services: { api: { command: "node server.js" }\n};\n`,
    expect: [/tenfold\.config\.ts:3: /, /\^/],
  },
  {
    name: "a thrown error",
    config: `\nconst url = new URL("nonsense");\nexport default { services: {}, url };\n`,
    expect: [/tenfold\.config\.ts:2: the config threw: Invalid URL/],
  },
  {
    name: "a missing import",
    config: `import { ports } from "./ports.ts";\nexport default { services: {}, ports };\n`,
    expect: [/tenfold\.config\.ts:1: cannot find .*ports\.ts/],
  },
  {
    name: "an enum",
    config: `enum Port {\n  Api = 3000,\n}\nexport default { services: {}, port: Port.Api };\n`,
    expect: [/tenfold\.config\.ts:1: .*enum is not supported/],
  },
];
