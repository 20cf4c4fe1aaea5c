-- Lets one holder refresh a session for so many milliseconds.
local lease = prefix .. 'lease:' .. ARGV[1]
if redis.call('GET', lease) == ARGV[2] then return 1 end
return redis.call('SET', lease, ARGV[2], 'NX', 'PX', ARGV[3]) and 1 or 0
