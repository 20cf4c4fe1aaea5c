-- Replaces a row that was sealed anew, unless it has changed. Its end stays.
local kind, before, old, after, new = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('GET', row(kind, before)) ~= old then return 0 end
local left = redis.call('PTTL', row(kind, before))
local till = redis.call('ZSCORE', rows(kind), before) or '+inf'
remove_row(kind, before)
redis.call('SET', row(kind, after), new)
if left > 0 then redis.call('PEXPIRE', row(kind, after), left) end
redis.call('ZADD', rows(kind), till, after)
return 1
