-- Replaces the entries of the sessions that still exist.
for at = 1, #ARGV, 2 do
  if redis.call('EXISTS', session(ARGV[at])) == 1 then
    redis.call('HSET', session(ARGV[at]), 'entry', ARGV[at + 1])
  end
end
return 0
