import type { ConcurrencyPolicy } from "../../../src/gateway/index.ts";
import { exponential, seededRandom, type WorkLaw } from "./chance.ts";
import { Events } from "./events.ts";
import { SimulatedGate } from "./simulated-gate.ts";
import { Station } from "./station.ts";

/** Who asks for what, and how often. */
export interface Demand {
  /** A second; may change with time. */
  readonly perSecond: number | ((now: number) => number);
  readonly work: WorkLaw;
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
  /** Servers of each upstream; `shared`: one station for all. */
  readonly servers: number;
  readonly upstreams?: number;
  readonly isShared?: boolean;
  readonly gateways?: number;
  readonly seconds: number;
  readonly seed?: number;
  /** What becomes of the service. */
  readonly events?: readonly { readonly atMs: number; readonly act: (service: SimulatedService) => void }[];
  readonly policy: (gateways: number) => ConcurrencyPolicy;
}

export interface SimulatedService {
  readonly stations: readonly Station[];
  /** A stop of everything. */
  pause(ms: number): void;
  setUpstreams(count: number): void;
}

/** Of each demand, by second: what was asked (first tries), and answered in its time. */
export interface Outcome {
  readonly asked: readonly number[][];
  readonly answered: readonly number[][];
  readonly shed: number;
  /** Sum over the gateways, each tenth of a second. */
  readonly limits: readonly number[];
  readonly worstBacklog: number;
}

const windowMs = 100;
const sweepMs = 10;
/** There and back. */
const wayMs = 0.3;

interface Upstream {
  readonly station: Station;
  places: number;
}

interface Gateway {
  readonly gate: SimulatedGate;
  readonly policy: ConcurrencyPolicy;
  readonly upstreams: Upstream[];
}

export function simulate(scenario: Scenario): Outcome {
  const { demands, seconds, servers, gateways: gatewayCount = 1, isShared = false, seed = 1 } = scenario;
  const events = new Events();
  const random = seededRandom(seed);
  const idle = new Station(Infinity, events);
  const stations = Array.from({ length: isShared ? 1 : (scenario.upstreams ?? 1) }, () => new Station(servers, events));
  let upstreamCount = scenario.upstreams ?? 1;
  const gateways: Gateway[] = Array.from({ length: gatewayCount }, () => ({
    gate: new SimulatedGate(),
    policy: scenario.policy(gatewayCount),
    upstreams: [],
  }));
  const fit = (): void => {
    const wanted = isShared ? 1 : upstreamCount;
    while (stations.length < wanted) stations.push(new Station(servers, events));
    for (const { upstreams } of gateways) {
      while (upstreams.length < upstreamCount) {
        upstreams.push({ station: stations[upstreams.length % stations.length]!, places: 0 });
      }
      upstreams.length = upstreamCount;
    }
  };
  fit();
  const asked = demands.map(() => Array.from({ length: seconds }, () => 0));
  const answered = demands.map(() => Array.from({ length: seconds }, () => 0));
  const limits: number[] = [];
  let worstBacklog = 0;

  const send = (index: number, firstAt: number, retries: number): void => {
    const demand = demands[index]!;
    const { timeoutMs = 1_000, rank = 1 } = demand;
    const gateway = gateways[Math.floor(random() * gateways.length)]!;
    const { gate } = gateway;
    const sentAt = events.now;
    let placedAt = -1;
    let upstream: Upstream | undefined;
    let isQuiet = false;
    let hasWaited = true;
    const again = (): void => {
      if (retries > 0) events.after(1, () => send(index, firstAt, retries - 1));
    };
    const leave = (): void => {
      waiter.isOver = true;
      upstream!.places--;
      gate.leave(events.now);
    };
    const waiter = {
      rank,
      since: sentAt,
      isOver: false,
      refuse: again,
      admit() {
        placedAt = events.now;
        upstream = leastBusy(gateway.upstreams, random);
        upstream.places++;
        isQuiet = upstream.places === 1 && !hasWaited;
        const station = demand.isIdle === true ? idle : upstream.station;
        const work = demand.work(random);
        events.after(wayMs / 2, () => station.take(work, () => events.after(wayMs / 2, answer)));
      },
    };
    const answer = (): void => {
      if (waiter.isOver) return;
      if (demand.failing !== undefined && random() < demand.failing(events.now)) {
        gate.fail();
      } else {
        gate.answer(events.now - placedAt, isQuiet);
        const second = Math.floor(firstAt / 1_000);
        if (events.now - sentAt <= timeoutMs) answered[index]![second]!++;
      }
      leave();
    };
    hasWaited = false;
    gate.enter(waiter, events.now);
    if (placedAt < 0) hasWaited = true;
    events.after(timeoutMs, () => {
      if (waiter.isOver) return;
      if (upstream === undefined) waiter.isOver = true;
      else {
        gate.abandon(events.now - placedAt);
        leave();
      }
      again();
    });
  };

  for (const [index, { perSecond, retries = 0 }] of demands.entries()) {
    const rate = (): number => (typeof perSecond === "number" ? perSecond : perSecond(events.now));
    const arrive = (): void => {
      const second = Math.floor(events.now / 1_000);
      if (second < seconds && rate() > 0) {
        asked[index]![second]!++;
        send(index, events.now, retries);
      }
      const each = rate();
      events.after(each > 0 ? exponential(1_000 / each, random) : 10, arrive);
    };
    events.after(rate() > 0 ? exponential(1_000 / rate(), random) : 0, arrive);
  }
  const epoch = 1_700_000_000_000;
  const look = (): void => {
    for (const { gate, policy } of gateways) {
      policy.observe(gate.take({ now: epoch + events.now, durationMs: windowMs, upstreams: upstreamCount }));
      gate.setLimit(policy.limit, events.now);
    }
    limits.push(gateways.reduce((sum, { policy }) => sum + policy.limit, 0));
    worstBacklog = Math.max(worstBacklog, ...stations.map(({ backlog }) => backlog));
    events.after(windowMs, look);
  };
  const sweep = (): void => {
    for (const { gate } of gateways) gate.sweep(events.now);
    events.after(sweepMs, sweep);
  };
  for (const { gate, policy } of gateways) gate.setLimit(policy.limit, 0);
  events.after(windowMs, look);
  events.after(sweepMs, sweep);
  const service: SimulatedService = {
    stations,
    pause(ms) {
      for (const station of stations) {
        for (let server = 0; server < station.servers; server++) station.take(ms / station.slowness, () => {});
      }
    },
    setUpstreams(count) {
      upstreamCount = count;
      fit();
    },
  };
  for (const { atMs, act } of scenario.events ?? []) events.at(atMs, () => act(service));
  events.runUntil(seconds * 1_000);
  return { asked, answered, limits, worstBacklog, shed: gateways.reduce((sum, { gate }) => sum + gate.shed, 0) };
}

function leastBusy(upstreams: readonly Upstream[], random: () => number): Upstream {
  let best = upstreams[0]!;
  let ties = 1;
  for (let i = 1; i < upstreams.length; i++) {
    const upstream = upstreams[i]!;
    if (upstream.places > best.places) continue;
    ties = upstream.places < best.places ? 1 : ties + 1;
    if (ties === 1 || random() * ties < 1) best = upstream;
  }
  return best;
}
