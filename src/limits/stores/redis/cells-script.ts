/**
 * What both scripts begin with: numbers as doubles, times in milliseconds since 2025, so that a double has digits to spare for fractions of
 * microseconds; and cells of either algorithm, which are kept for as long as they say more than none would.
 */
export const numbersScript = `
local never = math.huge

local function double(text, at)
  return (struct.unpack('<d', text, at))
end

local function pack(a, b, c)
  if c then return struct.pack('<ddd', a, b, c) end
  if b then return struct.pack('<dd', a, b) end
  return struct.pack('<d', a)
end
`;

export const cellsScript = `
-- Given for a replay, whose time is another than that by which Redis lets keys expire.
local now, replay_ms = tonumber(ARGV[1]), 3600000
if not now then
  local time = redis.call('TIME')
  now, replay_ms = (time[1] - 1735689600) * 1000 + time[2] / 1000, 0
end

local algorithms = { s = sliding, g = gcra }

-- Of another algorithm: what is used stays used, as far as this one can hold it.
local function convert(text, quota)
  local used
  if string.sub(text, 1, 1) == 's' then
    used = double(text, 2)
  else
    local debt = 0
    for at = 10, #text, 16 do debt = debt + double(text, at) end
    used = math.ceil(debt / double(text, 2))
  end
  local cell = quota.algorithm.open(nil, quota, now)
  used = math.min(used, quota.burst)
  if used > 0 then quota.algorithm.take(cell, used) end
  return cell
end

local function open(key, quota)
  local text = redis.call('GET', key)
  if text and algorithms[string.sub(text, 1, 1)] ~= quota.algorithm then return convert(text, quota) end
  return quota.algorithm.open(text, quota, now)
end

local function close(key, cell)
  if not cell.changed then return end
  local algorithm = cell.quota.algorithm
  local reset = algorithm.reset(cell)
  if reset > 0 then
    redis.call('SET', key, algorithm.text(cell), 'PX', math.ceil(reset) + 1 + replay_ms)
  else
    redis.call('DEL', key)
  end
end

local function quota_at(at)
  local quota = { algorithm = algorithms[ARGV[at]] }
  quota.count, quota.window, quota.burst = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  return quota
end

local function state_of(cell, wait)
  local algorithm = cell.quota.algorithm
  local remaining = math.max(0, cell.quota.burst - algorithm.used(cell))
  return string.format('%.17g %.17g %.17g', remaining, algorithm.reset(cell), wait == never and -1 or wait)
end
`;
