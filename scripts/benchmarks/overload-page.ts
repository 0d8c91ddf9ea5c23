import type { Report } from "../../bench/support/report.ts";
import { type Column, figure, reportPage } from "./report-page.ts";

/** The results of `npm run bench:overload` for readers. */
export function overloadPage(report: Report): string {
  return reportPage(report, { title: "Overload, measured", introduction, reading, columns });
}

const introduction =
  "`npm run bench:overload` answers that: a service that computes 5 ms for each request, or asks Postgres through a pool of 10 connections, has one core; the gateway " +
  "before it and the load share another. The load is an open loop: requests come by chance at a given rate, whether or not answers do, and each client waits a second.";

const reading =
  "Goodput is what is answered 200 within that second, counted from when the request was to be sent. How fast the machine is changes from second to second, so goodput is compared with what " +
  "the service could have done in the same seconds, by how long its work took just then. “Tenfold” is the gateway with its defaults; “overload: false” the same " +
  "gateway that passes on all it is asked; `@fastify/under-pressure` stands in the service, in Fastify, behind that gateway, with the thresholds of its documentation " +
  "(event-loop delay 1 s, utilisation 0.98).\n\nWithout a limit a service with a pool collapses: it asks the database for everyone, also for those who have left. A service that computes on one thread, " +
  "as the one here, keeps its goodput without one: it reads a request only when it has time for it, and by then the gateway has broken the connections of those who have left. What it loses is " +
  "everything else: how long it takes, and who is critical.";

const columns: readonly Column[] = [
  figure("capacity", "capacity, requests/s"),
  figure("goodputPercentAt1", "goodput %, at 1 ×"),
  figure("goodputPercentAt2", "at 2 ×"),
  figure("goodputPercentAt5", "at 5 ×"),
  figure("goodputPercentAt10", "at 10 ×"),
  figure("p99MsAt1", "p99 ms, at 1 ×"),
  figure("p99MsAt2", "at 2 ×"),
  figure("p99MsAt5", "at 5 ×"),
  figure("p99MsAt10", "at 10 ×"),
  figure("criticalPercentAt2", "critical answered %, at 2 ×"),
  figure("criticalPercentAt5", "at 5 ×"),
  figure("criticalPercentAt10", "at 10 ×"),
  figure("demandPercentAt2", "their demand, % of what could be done, at 2 ×"),
  figure("demandPercentAt5", "at 5 ×"),
  figure("demandPercentAt10", "at 10 ×"),
  figure("goodputPercent", "goodput, % of capacity"),
  figure("goodputPercentAtLast", "in the last minute"),
  figure("goodputPercentBefore", "goodput %, before"),
  figure("goodputPercentAfter", "after, of what is left"),
  figure("p99Ms", "p99 ms"),
  figure("refused", "refused"),
  figure("refusedP50Ms", "503, p50 ms"),
  figure("refusedP99Ms", "503, p99 ms"),
];
