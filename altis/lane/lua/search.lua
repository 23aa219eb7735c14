-- One search in one round trip: count it against every party, and only when it is allowed keep what it has made.
-- `take` stands in front of this: gcra.lua as a function, so that both lanes count by the same lines.
-- KEYS: one per limited party; none for no limit.
-- ARGV: interval in microseconds, burst, then commands one after the other, each led by the number of its words.
-- Returns what gcra.lua returns. A full store refuses the first write of a script, and with it all of them.
-- In a cluster a script's keys must be named and share a slot: the commands would then have to go out by themselves.
local taken = {1, 0, 0, 0}
if #KEYS > 0 then
  taken = take(KEYS, ARGV)
end
local at, last = 3, #ARGV
while taken[1] == 1 and at < last do
  local word = at + ARGV[at]
  redis.call(unpack(ARGV, at + 1, word))
  at = word + 1
end
return taken
