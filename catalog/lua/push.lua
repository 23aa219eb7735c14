-- PUSH: tell the gate what the ledger says. Safe to repeat and to arrive in any order: the higher version stands.
-- KEYS[1] inv:{id}   ARGV token or '', available, version, force ('1' after the ledger itself went back in time)
-- returns 1 when the gate took the figure, 0 when it knew a newer one
-- Figures that cannot be read stand for nothing: any others take their place.
-- What it took is news for whoever keeps figures in memory: a stream, bounded; who finds it cut reads the ledger.
if ARGV[1] ~= '' then redis.call('HDEL', KEYS[1], 't:' .. ARGV[1]) end
local was = redis.call('HMGET', KEYS[1], 'base', 'ver')
local known = tonumber(was[1] or '') and tonumber(was[2] or '')
if ARGV[4] == '1' or not known or tonumber(ARGV[3]) > tonumber(known) then
  redis.call('HSET', KEYS[1], 'base', ARGV[2], 'ver', ARGV[3])
  redis.call('XADD', 'news:inventory', 'MAXLEN', '~', 100000, '*',
    'i', string.match(KEYS[1], '%d+'), 'a', ARGV[2], 'v', ARGV[3], 'f', ARGV[4])
  return 1
end
return 0
