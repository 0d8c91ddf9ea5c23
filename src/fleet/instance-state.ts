/**
 * The life of one instance. An instance keeps its name while its processes come and go:
 *
 *     starting ──ready──▶ ready
 *       ▲  └──┐         ┌──┘
 *       │    exit      exit
 *       │     └▶ crashed ◀┘ ──give-up──▶ failed
 *     retry        │
 *       │         wait
 *       │          ▼
 *       └─────── backoff
 *
 *     starting, ready ──drain──▶ draining ──exit──▶ stopped
 *     crashed, backoff, failed ──drain──▶ stopped
 *
 * - There is a process in `starting`, `ready` and `draining`, and in no other state.
 * - `crashed` lasts for the turn in which the decision falls: wait and try again, or give up.
 * - `drain` ends every state: where no process runs, at once.
 * - `stopped` is for ever. So is `failed`, but for `drain`: a reload replaces a failed instance, nothing revives it.
 */
export type InstanceState = "starting" | "ready" | "draining" | "stopped" | "crashed" | "backoff" | "failed";

export type InstanceEvent = "ready" | "exit" | "wait" | "retry" | "give-up" | "drain";

const transitions: Readonly<Record<InstanceState, Readonly<Partial<Record<InstanceEvent, InstanceState>>>>> = {
  starting: { ready: "ready", exit: "crashed", drain: "draining" },
  ready: { exit: "crashed", drain: "draining" },
  crashed: { wait: "backoff", "give-up": "failed", drain: "stopped" },
  backoff: { retry: "starting", drain: "stopped" },
  failed: { drain: "stopped" },
  draining: { exit: "stopped" },
  stopped: {},
};

/** The state after the event; `undefined` when the event means nothing in this state. */
export function transition(state: InstanceState, event: InstanceEvent): InstanceState | undefined {
  return transitions[state][event];
}
