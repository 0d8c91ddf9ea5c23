/**
 * sliding-window.ts for Redis: the same rules, step by step the same arithmetic. The value is `s`, what is used, and the log, oldest
 * first: of each entry its time and its amount, 16 bytes. It is read where it lies, so that a decision looks at what has expired and at the
 * end, not at all of it.
 */
export const slidingWindowScript = `
local sliding = {}

-- No lease holds for a window: the clock went back. What was noted goes along, or it would count until the clock is where it was.
local function set_back(cell)
  local by = double(cell.log, #cell.log - 15) - cell.now
  local log = {}
  for at = 1, #cell.log, 16 do
    log[#log + 1] = pack(double(cell.log, at) - by, double(cell.log, at + 8))
  end
  cell.log, cell.changed = table.concat(log), true
end

function sliding.open(text, quota, now)
  local cell = { quota = quota, now = now, used = 0, log = '', from = 1, changed = false }
  if text then
    cell.used = double(text, 2)
    cell.log = string.sub(text, 10)
    if double(cell.log, #cell.log - 15) > now + quota.window then set_back(cell) end
  end
  while cell.from <= #cell.log and double(cell.log, cell.from) + quota.window <= now do
    cell.used = cell.used - double(cell.log, cell.from + 8)
    cell.from = cell.from + 16
  end
  return cell
end

function sliding.wait(cell, amount)
  local excess = cell.used + amount - cell.quota.count
  if excess <= 0 then return 0 end
  if amount > cell.quota.count then return never end
  local at = cell.from
  while true do
    excess = excess - double(cell.log, at + 8)
    if excess <= 0 then return double(cell.log, at) + cell.quota.window - cell.now end
    at = at + 16
  end
end

local function stamp_at(quota, time)
  if quota.count <= 256 then return time end
  local slot = quota.window / 256
  return math.max(time, math.ceil(time / slot) * slot)
end

local function enter(cell, stamp, amount)
  local log, after = cell.log, #cell.log + 1
  while after > cell.from and double(log, after - 16) > stamp do after = after - 16 end
  local rest = string.sub(log, after)
  if after > cell.from and double(log, after - 16) == stamp then
    amount = amount + double(log, after - 8)
    after = after - 16
  end
  cell.log = string.sub(log, 1, after - 1) .. pack(stamp, amount) .. rest
end

function sliding.take(cell, amount)
  cell.used = cell.used + amount
  enter(cell, stamp_at(cell.quota, cell.now), amount)
  cell.changed = true
end

function sliding.lease(cell, amount, hold)
  local stamp = stamp_at(cell.quota, cell.now + hold)
  local granted = math.max(0, math.min(amount, cell.quota.count - cell.used))
  if granted > 0 then
    cell.used = cell.used + granted
    enter(cell, stamp, granted)
    cell.changed = true
  end
  return granted, stamp
end

function sliding.give_back(cell, amount, stamp)
  local log = cell.log
  for at = #log - 15, cell.from, -16 do
    if double(log, at) == stamp then
      local present = double(log, at + 8)
      local given = math.min(amount, present)
      cell.used = cell.used - given
      cell.log = string.sub(log, 1, at + 7) .. pack(present - given) .. string.sub(log, at + 16)
      cell.changed = true
      return
    end
  end
end

function sliding.used(cell)
  return cell.used
end

function sliding.reset(cell)
  if cell.used == 0 then return 0 end
  return double(cell.log, #cell.log - 15) + cell.quota.window - cell.now
end

function sliding.text(cell)
  return 's' .. pack(cell.used) .. string.sub(cell.log, cell.from)
end
`;
