/** The door `tenfold/limits`: limits without a gateway, and as middleware. */
export {
  createLimits,
  type DecideOptions,
  type LimitCaller,
  limitExpress,
  limitFastify,
  limitHono,
  type LimitRuling,
  type Limits,
  type LimitsOptions,
  type LimitTerms,
  type MiddlewareOptions,
} from "../limits/index.ts";
