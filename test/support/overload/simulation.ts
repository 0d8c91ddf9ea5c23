import type { ConcurrencyPolicy } from "../../../src/gateway/index.ts";
import { exponential, seededRandom, type WorkLaw } from "./chance.ts";
import { Events } from "./events.ts";
import { SimulatedGateway } from "./simulated-gateway.ts";
import { type Attempt, send } from "./simulated-request.ts";
import { Station } from "./station.ts";

/** Who asks for what, and how often. */
export interface Demand {
  /** A second; may change with time. */
  readonly perSecond?: number | ((now: number) => number);
  /** Instead: so many, each of whom asks again as soon as it is answered or refused. */
  readonly clients?: number;
  /** When these come. Default 0. */
  readonly fromMs?: number;
  readonly work: WorkLaw;
  /** What is asked for: a gateway can tell kinds of requests apart by it. Default `"/"`. */
  readonly path?: string;
  /** 0 is critical, 2 background. Default 1. */
  readonly rank?: number;
  /** What is refused or timed out is asked again at once, so often. */
  readonly retries?: number;
  /** It waits somewhere where all have room: a long poll. */
  readonly isIdle?: boolean;
  /** Fails with this chance, when its work is done. */
  readonly failing?: (now: number) => number;
  /** Default 1000. */
  readonly timeoutMs?: number;
}

export interface Scenario {
  readonly demands: readonly Demand[];
  /** Of each upstream. */
  readonly servers: number;
  readonly upstreams?: number;
  /** All upstreams have one line before the same servers, as those that share a database. */
  readonly isShared?: boolean;
  /** A request needs a connection to its upstream: a free one, or it makes one. */
  readonly hasConnections?: boolean;
  readonly gateways?: number;
  readonly seconds: number;
  readonly seed?: number;
  /** What becomes of the service. */
  readonly events?: readonly { readonly atMs: number; readonly act: (service: SimulatedService) => void }[];
  /** One for each gateway. */
  readonly policy: (gateways: number) => readonly ConcurrencyPolicy[];
}

export interface SimulatedService {
  readonly stations: readonly Station[];
  /** A stop of everything. */
  pause(ms: number): void;
  setUpstreams(count: number): void;
}

export interface Outcome {
  /** Of each demand, by second: first tries. */
  readonly asked: readonly number[][];
  /** And those that were answered in their time, by the second in which they began. */
  readonly answered: readonly number[][];
  /** The sum of their times, with the waiting. */
  readonly answeredMs: readonly number[][];
  readonly shed: number;
  /** Sum over the gateways, each tenth of a second. */
  readonly limits: readonly number[];
}

/** Others are to be tried now and then: what holds by chance holds for one. */
const seedOfAll = Number(process.env["TENFOLD_SIMULATION_SEED"] ?? 1);
const windowMs = 100;
const sweepMs = 10;
/** Clients come one after another. */
const apartMs = 0.01;
/** Gateways of one machine agree on the time. */
const epoch = 1_700_000_000_000;

/** Discrete events: demand by chance, gateways with gates and policies, and behind them servers with lines. */
export function simulate(scenario: Scenario): Outcome {
  const { demands, seconds, seed = seedOfAll } = scenario;
  const events = new Events();
  const random = seededRandom(seed);
  const perSecond = (): number[][] => demands.map(() => Array.from({ length: seconds }, () => 0));
  const outcome = { asked: perSecond(), answered: perSecond(), answeredMs: perSecond(), limits: [] as number[] };
  const { gateways, service, setUpstreams } = build(scenario, events, random);
  const idle = new Station(Infinity, events);
  const surroundings = { gateways, hasConnections: scenario.hasConnections === true, events, random };

  demands.forEach((demand, index) => {
    const { perSecond = 0, clients = 0, fromMs = 0, retries = 0 } = demand;
    const ask = (onOver: () => void): void => {
      const second = Math.floor(events.now / 1_000);
      if (second >= seconds) return;
      outcome.asked[index]![second]!++;
      const onAnswered = (ms: number): void => {
        outcome.answered[index]![second]!++;
        outcome.answeredMs[index]![second]! += ms;
      };
      const attempt: Attempt = { demand, idle, retries, onAnswered, onOver };
      send(attempt, surroundings);
    };
    const askAgain = (): void => ask(askAgain);
    for (let client = 0; client < clients; client++) events.after(fromMs + client * apartMs, askAgain);
    const rate = (): number => (typeof perSecond === "number" ? perSecond : perSecond(events.now));
    const wait = (): number => (rate() > 0 ? exponential(1_000 / rate(), random) : 10);
    const come = (): void => {
      events.after(wait(), come);
      if (rate() > 0) ask(() => undefined);
    };
    if (perSecond !== 0) events.after(wait(), come);
  });
  every(windowMs, events, () => {
    for (const gateway of gateways) gateway.look({ now: epoch + events.now, durationMs: windowMs }, events.now);
    outcome.limits.push(gateways.reduce((sum, { limit }) => sum + limit, 0));
  });
  every(sweepMs, events, () => gateways.forEach(({ gate }) => gate.sweep(events.now)));
  for (const { atMs, act } of scenario.events ?? []) events.at(atMs, () => act({ ...service, setUpstreams }));
  events.runUntil(seconds * 1_000);
  return { ...outcome, shed: gateways.reduce((sum, { gate: { shed } }) => sum + shed[0]! + shed[1]! + shed[2]!, 0) };
}

function every(ms: number, events: Events, act: () => void): void {
  const again = (): void => {
    act();
    events.after(ms, again);
  };
  events.after(ms, again);
}

function build(scenario: Scenario, events: Events, random: () => number) {
  const { servers, upstreams = 1, isShared = false, gateways: count = 1 } = scenario;
  const stations: Station[] = [];
  const gateways = scenario.policy(count).map((policy) => new SimulatedGateway(policy, random));
  const setUpstreams = (wanted: number): void => {
    const wantedStations = isShared ? 1 : wanted;
    while (stations.length < wantedStations) stations.push(new Station(servers, events));
    for (const gateway of gateways) gateway.setUpstreams(wanted, stations);
  };
  setUpstreams(upstreams);
  const pause = (ms: number): void => {
    for (const station of stations) {
      for (let server = 0; server < station.servers; server++) station.take(ms / station.slowness, () => undefined);
    }
  };
  return { gateways, setUpstreams, service: { stations, pause } };
}
