-- For wrk: the requests of a file, one after the other; with ONCE=1 none of them twice.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  requests, position, ended = {}, 0, 0
  local file = assert(io.open(args[1], "rb"))
  once = args[2] == "once"
  while true do
    local length = file:read("*l")
    if not length then break end
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
end

function request()
  position = position + 1
  if position > #requests then
    if once then
      ended = 1
      wrk.thread:stop()
    end
    position = 1
  end
  return requests[position]
end

function done(summary, latency, requests)
  local ended = 0
  for _, thread in ipairs(threads) do ended = ended + thread:get("ended") end
  io.write(string.format(
    "altis %d %d %d %d %d %d %d %d %d %d\n",
    summary.requests, summary.duration, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write, summary.errors.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max, ended))
end
