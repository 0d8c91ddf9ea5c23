-- Every object, over and over until it is ended: `wrk -s objects.lua http://… -- <how many>`.
local count, asked = 0, 0

function init(args)
  count = tonumber(args[1])
end

function request()
  asked = asked % count + 1
  return wrk.format(nil, wrk.path .. "/" .. asked)
end
