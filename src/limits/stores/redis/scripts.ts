import { createHash } from "node:crypto";
import { cellsScript, numbersScript } from "./cells-script.ts";
import { gcraScript } from "./gcra-script.ts";
import { slidingWindowScript } from "./sliding-window-script.ts";

/** Of Lua 5.1, as Redis runs it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/**
 * KEYS: one for each draw. ARGV: the time, or nothing; then of each draw algorithm, count, window, burst, amount.
 * Answers 1 or 0, then of each draw what is left, the times until all of it is, and until the amount is: -1 for never.
 */
export const decideScript = toScript(`
local cells, waits, admitted = {}, {}, 1
for i, key in ipairs(KEYS) do
  local at = 5 * i - 3
  local cell = open(key, quota_at(at))
  cells[i], waits[i] = cell, cell.quota.algorithm.wait(cell, tonumber(ARGV[at + 4]))
  if waits[i] > 0 then admitted = 0 end
end
local answer = { tostring(admitted) }
for i, key in ipairs(KEYS) do
  local cell = cells[i]
  if admitted == 1 then cell.quota.algorithm.take(cell, tonumber(ARGV[5 * i + 1])) end
  close(key, cell)
  answer[i + 1] = state_of(cell, waits[i])
end
return table.concat(answer, ' ')
`);

/**
 * KEYS: one for each order. ARGV: the time, or nothing; then of each order algorithm, count, window, burst, amount, hold, and stamp and
 * amount of what is given back. Answers of each what is granted, its stamp, and the state as above.
 */
export const leaseScript = toScript(`
local answer = {}
for i, key in ipairs(KEYS) do
  local at = 8 * i - 6
  local cell = open(key, quota_at(at))
  local algorithm, amount, returned = cell.quota.algorithm, tonumber(ARGV[at + 4]), tonumber(ARGV[at + 7])
  if returned > 0 then algorithm.give_back(cell, returned, tonumber(ARGV[at + 6])) end
  local granted, stamp = algorithm.lease(cell, amount, tonumber(ARGV[at + 5]))
  close(key, cell)
  local wait = granted < amount and algorithm.wait(cell, 1) or 0
  answer[i] = string.format('%.17g %.17g ', granted, stamp) .. state_of(cell, wait)
end
return table.concat(answer, ' ')
`);

function toScript(body: string): Script {
  const text = [numbersScript, slidingWindowScript, gcraScript, cellsScript, body].join("");
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
