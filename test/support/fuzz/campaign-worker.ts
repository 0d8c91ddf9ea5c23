import { parentPort, workerData } from "node:worker_threads";
import { gatewayOn } from "../wire/subject.ts";
import { emptyTally, runCampaign, type Tally } from "./campaign.ts";
import { describeFailure } from "./counterexample.ts";

/** One thread of a search (fast-against-full.ts). */
export interface WorkerOrder {
  readonly seed: number;
}

export interface WorkerReport {
  readonly tally: Tally;
  /** For people. Given with the last report, when there is one. */
  readonly failure?: string;
  readonly isLast: boolean;
}

const reportEveryMs = 500;

const { seed } = workerData as WorkerOrder;
const subjects = [gatewayOn("full"), gatewayOn("fast")];
const tally: Tally = { ...emptyTally };
const stop = new AbortController();
const report = (more: Partial<WorkerReport> = {}): void =>
  parentPort!.postMessage({ tally, isLast: false, ...more } satisfies WorkerReport);

parentPort!.once("message", () => stop.abort());
const reporting = setInterval(report, reportEveryMs);
const failure = await runCampaign({ subjects, seed, signal: stop.signal }, tally);
clearInterval(reporting);
report({ isLast: true, ...(failure === undefined ? {} : { failure: await describeFailure(failure, subjects) }) });
parentPort!.close();
