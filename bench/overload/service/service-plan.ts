/** What a service is started with: its only argument, as JSON. */
export interface ServicePlan {
  readonly port: number;
  /** `cpu`: each request computes. `pool`: each asks Postgres, through a pool of connections. */
  readonly kind: "cpu" | "pool";
  readonly databaseUrl?: string;
  /** In Fastify, with `@fastify/under-pressure`; else on Node's own server. */
  readonly hasUnderPressure: boolean;
}

/** The service as measurements know it. */
export interface ServiceAnswers {
  /** Of the requests it has answered, or would have: how much work it did. */
  readonly done: number;
  readonly twiceAsMuch: null;
  readonly asMuchAsBefore: null;
}
