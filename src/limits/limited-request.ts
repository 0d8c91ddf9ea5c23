/** A request as limits see it. */
export interface LimitedRequest {
  readonly method: string;
  /** Lower case, without the port. */
  readonly host: string;
  /** Normalised, without the query. */
  readonly path: string;
  readonly clientAddress: string;
  /** By its name in lower case. */
  header(name: string): string | undefined;
}

/** Where it goes. */
export interface LimitedPlace {
  readonly service: string;
  /** Which of the service's routes took it: the same text for the same route. */
  readonly route: string;
}
