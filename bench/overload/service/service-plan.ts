/** What a service is started with: its only argument, as JSON. */
export interface ServicePlan {
  readonly port: number;
  /** `cpu`: each request computes. `pool`: each asks Postgres, through a pool of connections. */
  readonly kind: "cpu" | "pool";
  readonly databaseUrl?: string;
  /** In Fastify, with `@fastify/under-pressure`; else on Node's own server. */
  readonly hasUnderPressure: boolean;
}

/** Since it was started. */
export interface WorkDone {
  /** Requests that were worked on, whether or not somebody still waited for the answer. */
  readonly done: number;
  /** How long they held what there is only so much of: a connection, or the core (then without what others had of it). */
  readonly heldMs: number;
  /** So many connections; of cores there is one for all instances together. */
  readonly holds: "the core" | number;
}

/** The service as measurements know it. */
export interface ServiceAnswers {
  readonly work: WorkDone;
  readonly twiceAsMuch: null;
  readonly asMuchAsBefore: null;
}
