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
