/**
 * gcra.ts for Redis: the same rules, step by step the same arithmetic. The value is `g`, the window, the debt and the time at which it
 * was that, and of each lease that is held its stamp and its debt.
 */
export const gcraScript = `
local gcra = {}

local function settle_until(cell, time)
  local elapsed = time - cell.at
  if elapsed <= 0 then return end
  cell.debt = math.max(0, cell.debt - elapsed * cell.quota.count)
  cell.at = time
end

local function release(cell)
  while cell.held[1] and cell.held[1].stamp <= cell.now do
    local due = table.remove(cell.held, 1)
    settle_until(cell, due.stamp)
    cell.debt = cell.debt + due.debt
    cell.held_debt = cell.held_debt - due.debt
  end
  if not cell.held[1] then cell.held_debt = 0 end
end

-- The clock went back: what was noted goes along, or nothing would be paid back until it is where it was.
local function set_back(cell)
  local by = cell.at - cell.now
  cell.at, cell.changed = cell.now, true
  for _, held in ipairs(cell.held) do held.stamp = held.stamp - by end
end

function gcra.open(text, quota, now)
  local cell = { quota = quota, now = now, debt = 0, at = 0, held = {}, held_debt = 0, changed = false }
  if text then
    local scale = quota.window / double(text, 2)
    local most = quota.burst * quota.window
    cell.debt = math.min(double(text, 10) * scale, most)
    cell.at = double(text, 18)
    for at = 26, #text, 16 do
      local debt = math.min(double(text, at + 8) * scale, most - cell.debt - cell.held_debt)
      local held = { stamp = double(text, at), debt = debt }
      table.insert(cell.held, held)
      cell.held_debt = cell.held_debt + held.debt
    end
  end
  if cell.at > now then set_back(cell) end
  release(cell)
  settle_until(cell, now)
  return cell
end

local function pay_back(cell, wanted)
  local count = cell.quota.count
  local at, debt, rest = cell.now, cell.debt, wanted
  for _, held in ipairs(cell.held) do
    local paid = math.min(debt, (held.stamp - at) * count)
    if rest <= paid then break end
    rest = rest - paid
    debt = debt + held.debt - paid
    at = held.stamp
  end
  return at - cell.now + rest / count
end

function gcra.wait(cell, amount)
  local quota = cell.quota
  local excess = cell.debt + cell.held_debt + (amount - quota.burst) * quota.window
  if excess <= 0 then return 0 end
  if amount > quota.burst then return never end
  return pay_back(cell, excess)
end

function gcra.take(cell, amount)
  cell.debt = cell.debt + amount * cell.quota.window
  cell.changed = true
end

local function hold_debt(cell, stamp, debt)
  cell.held_debt = cell.held_debt + debt
  local held, at = cell.held, #cell.held
  while at > 0 and held[at].stamp > stamp do at = at - 1 end
  if at > 0 and held[at].stamp == stamp then
    held[at].debt = held[at].debt + debt
  else
    table.insert(held, at + 1, { stamp = stamp, debt = debt })
  end
end

function gcra.lease(cell, amount, hold)
  local quota = cell.quota
  local slot = hold / 8
  local stamp = math.max(cell.now + hold, math.ceil((cell.now + hold) / slot) * slot)
  local room = math.floor(quota.burst - (cell.debt + cell.held_debt) / quota.window)
  local granted = math.max(0, math.min(amount, room))
  if granted > 0 then
    hold_debt(cell, stamp, granted * quota.window)
    cell.changed = true
  end
  return granted, stamp
end

function gcra.give_back(cell, amount, stamp)
  for _, held in ipairs(cell.held) do
    if held.stamp == stamp then
      local debt = math.min(held.debt, amount * cell.quota.window)
      held.debt = held.debt - debt
      cell.held_debt = cell.held_debt - debt
      cell.changed = true
      return
    end
  end
end

function gcra.used(cell)
  return math.ceil((cell.debt + cell.held_debt) / cell.quota.window)
end

function gcra.reset(cell)
  return pay_back(cell, cell.debt + cell.held_debt)
end

function gcra.text(cell)
  local text = 'g' .. pack(cell.quota.window, cell.debt, cell.at)
  for _, held in ipairs(cell.held) do text = text .. pack(held.stamp, held.debt) end
  return text
end
`;
