import { heapArguments } from "../gateway/index.ts";
import { join } from "node:path";
import type { ResolvedConfig } from "../config/index.ts";
import { Fleet } from "../fleet/index.ts";
import { Database } from "./database.ts";
import type { Directories } from "./directories.ts";
import { instanceEnvironment } from "./environment.ts";
import { Gateways } from "./gateways.ts";
import { Guardian } from "./guardian.ts";
import type { Ledger } from "./ledger.ts";
import { LimitAdjustments } from "./limit-adjustments.ts";
import { LimitControl } from "./limit-control.ts";
import { composeLimits } from "./limit-settings.ts";
import { Publisher } from "./publisher.ts";
import type { ServicePorts } from "./service-ports.ts";
import { SharedLimits } from "./shared-limits.ts";
import type { EventSource, PlatformEvent } from "./status.ts";

/** What a platform is made of, from its claim to its end. */
export interface Parts {
  readonly ledger: Ledger;
  readonly guardian: Guardian;
  readonly database: Database;
  readonly gateways: Gateways;
  readonly fleet: Fleet;
  readonly publisher: Publisher;
  readonly limits: LimitControl;
  readonly sharedLimits: SharedLimits;
}

export interface PartsContext {
  /** As it is at the start. */
  readonly config: ResolvedConfig;
  readonly directories: Directories;
  readonly ledger: Ledger;
  readonly drainMs: number;
  readonly servicePorts: ServicePorts;
  /** The config in effect, after any reload. */
  readonly currentConfig: () => ResolvedConfig;
  /** The real environment and the env files, for what is started next. */
  readonly environment: () => Readonly<Record<string, string>>;
  readonly emit: (event: PlatformEvent) => void;
}

const gatewayLevels = {
  alone: "warn",
  anew: "warn",
  behind: "error",
  hung: "error",
  crashed: "error",
  restarted: "info",
  waiting: "warn",
} as const;

/** Plugs the components into each other; nothing is started. */
export function createParts(context: PartsContext): Parts {
  const { config, directories, ledger, drainMs, servicePorts } = context;
  const { logs, sockets, postgres } = directories;
  const emit = (source: EventSource, type: string, message: string, level: PlatformEvent["level"] = "info"): void =>
    context.emit({ at: Date.now(), source, type, message, level });

  const database = new Database(config.database, {
    directory: postgres,
    ledger,
    onProgress: (message) => emit("engines", "progress", message),
    onChange: ({ name, state, error }) => {
      if (error !== undefined) emit("engines", state, `database ${name}: ${error.message}`, "error");
    },
  });
  const { processes, cacheBytes } = config.gateway;
  const gateways = new Gateways(
    {
      count: processes,
      execArgv: heapArguments(cacheBytes / processes),
      directories,
      orphanGraceMs: config.orphanGraceMs,
      drainMs,
    },
    { ledger, onEvent: (type, message) => emit("gateway", type, message, gatewayLevels[type]) },
  );
  const adjustments = new LimitAdjustments(directories.limitsFile, {
    onLost: (why) => emit("platform", "limits", why, "warn"),
  });
  const fleet = new Fleet(
    { services: Object.values(config.services), logDirectory: logs, controlSocket: join(sockets, "instances.sock") },
    {
      ledger,
      rotation: { leave: (instance, deadlineMs) => publisher.leave(instance, deadlineMs) },
      environment: (service, instance) =>
        instanceEnvironment({
          service,
          instance,
          base: context.environment(),
          database: database.urls,
          internalPorts: servicePorts.all,
          appSocket: directories.appSocket,
        }),
    },
  );
  const publisher = new Publisher(
    {
      config: context.currentConfig,
      upstreams: () => fleet.upstreams(),
      internalPorts: () => servicePorts.all,
      limits: () => composeLimits(context.currentConfig(), adjustments.all, directories.limitsSocket),
    },
    gateways,
  );
  const limits = new LimitControl({
    config: context.currentConfig,
    adjustments,
    figures: () => gateways.figures(),
    publish: () => publisher.publish(),
    onChange: (message) => emit("platform", "limits", message),
  });
  const sharedLimits = new SharedLimits(context.currentConfig, directories.limitsSocket);
  fleet.onEvent((event) => context.emit({ source: "fleet", ...event }));
  fleet.onChange(() => void publisher.publish());
  const guardian = new Guardian(config.root, config.orphanGraceMs);
  return { ledger, guardian, database, gateways, fleet, publisher, limits, sharedLimits };
}
