-- Gives a lease back, if it is still held.
local lease = prefix .. 'lease:' .. ARGV[1]
if redis.call('GET', lease) ~= ARGV[2] then return 0 end
return redis.call('DEL', lease)
