-- Many API keys, each as often: `wrk -s api-keys.lua http://… -- <header> <how many>`. Requests are made beforehand, so that the load costs what it
-- costs with one key.
local requests = {}
local at = 0

function init(args)
  for i = 1, tonumber(args[2]) do
    wrk.headers[args[1]] = string.format("key-%08d", i)
    requests[i] = wrk.format()
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
