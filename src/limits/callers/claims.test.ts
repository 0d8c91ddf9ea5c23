import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { exportJWK, type JWTPayload, SignJWT } from "jose";
import { requestOf } from "../../../test/support/limits/settings.ts";
import type { ResolvedJwt } from "../../config/index.ts";
import { ManualClock } from "../../kernel/index.ts";
import type { Claims } from "./caller.ts";
import { ClaimsReader } from "./claims.ts";

const start = 1_800_000_000_000;
const secret = "a secret that is long enough for HS256";
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = pair.publicKey.export({ type: "spki", format: "pem" }) as string;
const header = { kind: "header", name: "authorization" } as const;
const bySecret: ResolvedJwt = { key: { kind: "secret", secret }, from: header };
const byKey: ResolvedJwt = { key: { kind: "public", pem }, from: header };

const withSecret = (payload: JWTPayload, alg = "HS256"): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
const withKey = (payload: JWTPayload, kid = "k1"): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: "ES256", kid }).sign(pair.privateKey);
const unsigned = (head: object, payload: object): string =>
  [head, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");

function readerOf(jwt: ResolvedJwt, options: ConstructorParameters<typeof ClaimsReader>[1] = {}) {
  const clock = new ManualClock(start);
  const reader = new ClaimsReader(jwt, options, clock);
  const read = (token: string): Claims | Promise<Claims> =>
    reader.of(requestOf({ headers: { authorization: `Bearer ${token}` } }));
  return { reader, clock, read };
}

test("a token that is ours says who its bearer is", async () => {
  const { read, reader } = readerOf(bySecret);
  assert.equal((await read(await withSecret({ sub: "u1" })))["sub"], "u1");
  const alone = requestOf({ headers: { authorization: await withSecret({ sub: "u2" }) } });
  assert.equal((await reader.of(alone))["sub"], "u2");
  assert.equal((await readerOf(byKey).read(await withKey({ sub: "u3" })))["sub"], "u3");
});

test("it may be in a cookie", async () => {
  const { reader } = readerOf({ ...bySecret, from: { kind: "cookie", name: "jwt" } });
  const request = requestOf({ headers: { cookie: `a=b; jwt=${await withSecret({ sub: "u1" })}` } });
  assert.equal((await reader.of(request))["sub"], "u1");
});

test("nobody hides his token from limits and shows it to his service", async () => {
  const token = await withSecret({ sub: "u1" });
  const { reader } = readerOf(bySecret);
  for (const spelling of [
    `Bearer ${token} x`,
    `Bearer\t${token}`,
    `bearer  ${token}\tx y`,
    `Bearer ${token}, Bearer x`,
  ]) {
    const request = requestOf({ headers: { authorization: spelling } });
    assert.equal((await reader.of(request))["sub"], "u1", spelling.replace(token, "…"));
  }
  const other = requestOf({ headers: { authorization: `Bearer ${token}, Bearer ${await withSecret({ sub: "u2" })}` } });
  assert.equal((await reader.of(other))["sub"], "u1");
  const inCookie = readerOf({ ...bySecret, from: { kind: "cookie", name: "jwt" } }).reader;
  const encoded = requestOf({ headers: { cookie: `jwt=${token.replace("e", "%65")}` } });
  assert.equal((await inCookie.of(encoded))["sub"], "u1");
});

test("a token that is known is answered at once, until it expires", async () => {
  const { read, clock } = readerOf(bySecret);
  const token = await withSecret({ sub: "u1", exp: start / 1_000 + 60 });
  assert.ok(read(token) instanceof Promise);
  await read(token);
  assert.equal((read(token) as Claims)["sub"], "u1");
  clock.advance(60_000);
  assert.deepEqual(await read(token), {});
});

test("one that never expires is verified again after a while", async () => {
  const { read, clock } = readerOf(bySecret);
  const token = await withSecret({ sub: "u1" });
  await read(token);
  clock.advance(600_000);
  assert.ok(read(token) instanceof Promise);
});

test("all who come with one token wait for one verification", async () => {
  const { read } = readerOf(bySecret);
  const token = await withSecret({ sub: "u1" });
  assert.equal(read(token), read(token));
});

test("no token, no claims, and at once", () => {
  const { reader, read } = readerOf(bySecret);
  assert.deepEqual(reader.of(requestOf()), {});
  for (const text of ["", "abc", "a.b", "a.b.c.d", "Basic dXNlcg==", "ü.b.c", `${"a".repeat(9_000)}.b.c`]) {
    assert.deepEqual(read(text), {}, text.slice(0, 20));
  }
});

test("what is forged, expired, not yet valid or for somebody else has no claims", async () => {
  const { read } = readerOf({ ...bySecret, issuer: "https://issuer", audience: ["shop", "api"] });
  const good = { sub: "u1", iss: "https://issuer", aud: "api" };
  const token = await withSecret(good);
  assert.equal((await read(token))["sub"], "u1");
  const [head, , signature] = token.split(".");
  const bad = [
    `${head}.${unsigned({}, { ...good, sub: "root" }).split(".")[1]}.${signature}`,
    await withSecret({ ...good, exp: start / 1_000 - 1 }),
    await withSecret({ ...good, nbf: start / 1_000 + 60 }),
    await withSecret({ ...good, aud: "blog" }),
    await withSecret({ ...good, iss: "https://other" }),
    await withKey(good),
    "a.b.c",
  ];
  for (const each of bad) assert.deepEqual(await read(each), {}, each);
});

test("a token without a signature is no token", async () => {
  const { read } = readerOf(byKey);
  for (const alg of ["none", "None", "NONE"]) {
    assert.deepEqual(await read(`${unsigned({ alg }, { sub: "root" })}.`), {});
    assert.deepEqual(await read(`${unsigned({ alg }, { sub: "root" })}.AA`), {});
  }
});

test("a public key is not taken for a secret, whatever the config names", async () => {
  const forged = unsigned({ alg: "HS256" }, { sub: "root" });
  const token = `${forged}.${createHmac("sha256", pem).update(forged).digest("base64url")}`;
  assert.deepEqual(await readerOf(byKey).read(token), {});
  assert.deepEqual(await readerOf({ ...byKey, algorithms: ["HS256", "ES256"] }).read(token), {});
});

test("only the algorithms that are named count", async () => {
  const { read } = readerOf({ ...bySecret, algorithms: ["HS512"] });
  assert.deepEqual(await read(await withSecret({ sub: "u1" }, "HS256")), {});
  assert.equal((await read(await withSecret({ sub: "u1" }, "HS512")))["sub"], "u1");
});

test("made-up tokens are refused at once the second time, and push out no good one", async () => {
  const { read, clock } = readerOf(bySecret, { maxTokens: 10 });
  const good = await withSecret({ sub: "u1" });
  await read(good);
  for (let i = 0; i < 100; i++) await read(`${unsigned({ alg: "HS256" }, { i })}.AAAA`);
  assert.equal((read(good) as Claims)["sub"], "u1");
  assert.deepEqual(read(`${unsigned({ alg: "HS256" }, { i: 99 })}.AAAA`), {});
  clock.advance(10_000);
  assert.ok(read(`${unsigned({ alg: "HS256" }, { i: 99 })}.AAAA`) instanceof Promise);
});

test("so many are verified at a time, and others are taken as if they had none", async () => {
  const { read } = readerOf(bySecret, { maxVerifying: 2 });
  const tokens = await Promise.all(["a", "b", "c"].map((sub) => withSecret({ sub })));
  const read3 = tokens.map(read);
  assert.deepEqual(read3[2], {});
  assert.deepEqual(await Promise.all(read3.slice(0, 2).map(async (claims) => (await claims)["sub"])), ["a", "b"]);
});

test("an issuer's keys are fetched once for all, and again when a token names another", async (t) => {
  const issuer = await issue(t);
  const { read, clock } = readerOf({ key: { kind: "jwks", url: issuer.url }, from: header });
  const tokens = await Promise.all(["a", "b", "c"].map((sub) => withKey({ sub })));
  await Promise.all(tokens.map(async (token) => read(token)));
  assert.equal(issuer.asked(), 1);
  issuer.kids = ["k1", "k2"];
  const renewed = await withKey({ sub: "d" }, "k2");
  assert.deepEqual(await read(renewed), {}, "they were fetched just now");
  clock.advance(30_000);
  assert.equal((await read(renewed))["sub"], "d");
  assert.equal(issuer.asked(), 2);
});

test("while keys cannot be fetched there are no claims, nothing waits, and it is tried again", async (t) => {
  const issuer = await issue(t);
  issuer.status = 503;
  const { read, clock } = readerOf({ key: { kind: "jwks", url: issuer.url }, from: header });
  const token = await withKey({ sub: "u1" });
  assert.deepEqual(await read(token), {});
  issuer.status = 200;
  assert.deepEqual(await read(token), {});
  assert.equal(issuer.asked(), 1);
  clock.advance(5_000);
  assert.equal((await read(token))["sub"], "u1");
});

test("an issuer that never answers is given up", async (t) => {
  const issuer = await issue(t);
  issuer.status = undefined;
  const { read } = readerOf({ key: { kind: "jwks", url: issuer.url }, from: header }, { keys: { timeoutMs: 20 } });
  assert.deepEqual(await read(await withKey({ sub: "u1" })), {});
});

test("old keys count on while the issuer is away", async (t) => {
  const issuer = await issue(t);
  const { read, clock } = readerOf({ key: { kind: "jwks", url: issuer.url }, from: header });
  await read(await withKey({ sub: "a" }));
  issuer.status = 500;
  clock.advance(3_600_000);
  assert.equal((await read(await withKey({ sub: "b" })))["sub"], "b");
});

/** Publishes keys at an address of its own. */
async function issue(t: TestContext) {
  const jwk = await exportJWK(pair.publicKey);
  let asked = 0;
  const issuer = { url: "", kids: ["k1"], status: 200 as number | undefined, asked: () => asked };
  const server = createServer((_, response) => {
    asked++;
    if (issuer.status === undefined) return;
    const keys = issuer.kids.map((kid) => ({ ...jwk, kid, alg: "ES256", use: "sig" }));
    response.writeHead(issuer.status, { connection: "close" }).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  return issuer;
}
