import { defineConfig } from "tenfold";

export default defineConfig({
  name: "conduit",
  services: {
    api: {
      command: "node src/server.ts",
      routes: ["/api/*"],
      health: { path: "/readyz", interval: "2s" },
      scale: { min: 4, max: 8 },
    },
  },
  // Migrations and seed data: both do nothing when they have been done.
  setup: "node src/seed.ts",
  // Tenfold starts a primary and a replica, and gives every instance the primary's DATABASE_URL.
  database: { replicas: 1 },
});
