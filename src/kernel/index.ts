export { writeFileAtomic } from "./atomic-file.ts";
export { backoffMs, type Backoff } from "./backoff.ts";
export { type Clock, ManualClock, systemClock } from "./clock.ts";
export { poll, type PollOptions, withDeadline } from "./deadline.ts";
export { codeOf, type ErrorDetails, messageOf, TenfoldError } from "./error.ts";
export { type Runnable, runAll } from "./lifecycle.ts";
export { nearest } from "./nearest.ts";
export { identifyProcess, isSameProcess, type ProcessIdentity } from "./process-identity.ts";
export { formatBytes, formatDuration, formatPercent, parseBytes, parseDuration, parsePercent } from "./units.ts";
