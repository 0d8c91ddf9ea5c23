import { defineConfig, env } from "tenfold";
import { developmentSecret } from "./src/config.ts";

// Tests, load generators and whoever tries this out. A proxy on this machine belongs into gateway.trustedProxies, or all its clients are of this tier.
const thisMachine = { ip: ["127.0.0.0/8", "::1"] };
const signUp = { path: "/api/users", method: "POST" };
const signIn = { path: "/api/users/login", method: "POST" };
const writes = ["POST", "PUT", "DELETE"];

export default defineConfig({
  name: "conduit",
  services: {
    api: {
      command: "node src/server.ts",
      routes: [
        // When not all can be served: first those who are in the middle of something, last what is beside the point.
        { path: "/api/*", method: writes, priority: "critical" },
        { path: "/api/tags", priority: "background" },
        // Under pressure, lists are not counted (src/brownout.ts).
        { path: "/api/articles", method: "GET", brownout: true },
        { path: "/api/articles/feed", brownout: true, cache: false },
        "/api/*",
      ],
      health: { path: "/readyz", interval: "2s" },
      scale: { min: 4, max: 8 },
    },
  },
  gateway: {
    // As src/auth/tokens.ts signs them: `sub` is the user's id.
    jwt: { secret: env("JWT_SECRET", developmentSecret), algorithms: ["HS256"] },
    tiers: { local: thisMachine },
    limits: {
      visitors: { rate: "600/minute burst 100 per ip", tiers: { local: "unlimited" } },
      // Each costs a password hash, and whoever needs more of them guesses.
      "sign-ups": { rate: "10/hour per ip", routes: [signUp], tiers: { local: "unlimited" } },
      "sign-ins": { rate: "10/minute per ip", routes: [signIn], tiers: { local: "unlimited" } },
      // Of one user, wherever he is; strangers can write nothing.
      writes: {
        rate: "60/minute per claim:sub",
        routes: [{ path: "/api/*", method: writes }],
        tiers: { local: "6000/minute" },
      },
    },
  },
  // Migrations and seed data: both do nothing when they have been done.
  setup: "node src/seed.ts",
  // Tenfold starts a primary and a replica, and gives every instance the primary's DATABASE_URL.
  database: { replicas: 1 },
});
