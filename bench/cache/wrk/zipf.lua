-- Many URLs, by Zipf's law: `wrk -s zipf.lua http://… -- <path> <how many> <exponent>`; behind the path comes the number of each.
-- Which comes when is drawn beforehand, the same in every run, so that the load costs what it costs with one URL.
local requests, order = {}, {}
local at, length = 0, 65536

function init(args)
  local path, count, exponent = args[1], tonumber(args[2]), tonumber(args[3])
  local sums, sum = {}, 0
  for i = 1, count do
    sum = sum + 1 / i ^ exponent
    sums[i] = sum
    requests[i] = wrk.format(nil, path .. "/" .. i)
  end
  math.randomseed(1)
  for i = 1, length do
    local wanted, low, high = math.random() * sum, 1, count
    while low < high do
      local middle = math.floor((low + high) / 2)
      if sums[middle] < wanted then low = middle + 1 else high = middle end
    end
    order[i] = low
  end
end

function request()
  at = at % length + 1
  return requests[order[at]]
end
