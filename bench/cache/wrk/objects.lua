-- Every object once: `wrk -s objects.lua http://… -- <how many>`; then it stops.
local count, asked, answered = 0, 0, 0

function init(args)
  count = tonumber(args[1])
end

function request()
  asked = asked + 1
  return wrk.format(nil, wrk.path .. "/" .. math.min(asked, count))
end

function response()
  answered = answered + 1
  if answered >= count + 64 then wrk.thread:stop() end
end
