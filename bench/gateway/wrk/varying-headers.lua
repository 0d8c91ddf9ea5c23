-- The fields that wrk was given by `-H`, each with a number behind its value that no other request of the round has near it: what a proxy
-- remembers of one request is of no use for the next. Made beforehand, so that the load costs what it costs with fields that stay the same.
local count = 16384
local requests = {}
local at = 0

function init()
  for i = 1, count do
    local headers = {}
    for name, value in pairs(wrk.headers) do
      headers[name] = name == "Host" and value or value .. "-" .. i
    end
    requests[i] = wrk.format(nil, nil, headers)
  end
end

function request()
  at = at % count + 1
  return requests[at]
end
