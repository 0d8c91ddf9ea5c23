/** What the gateway's tests say of the fast path with the full path behind it, said of the full path alone. */
import { useFullPathAlone } from "../support/gateway-fixtures.ts";

useFullPathAlone();
await import("./gateway-streaming.test.ts");
await import("./gateway-resilience.test.ts");
await import("./gateway-edges.test.ts");
await import("./gateway-cached-variants.test.ts");
await import("./gateway-cached-compression.test.ts");
await import("./gateway-compression.test.ts");
await import("./gateway-overload.test.ts");
await import("./gateway-limits.test.ts");
