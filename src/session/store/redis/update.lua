-- Replaces both pieces of a session that is there.
if redis.call('EXISTS', session(ARGV[1])) == 0 then return 0 end
redis.call('HSET', session(ARGV[1]), 'entry', ARGV[2], 'record', ARGV[3])
tell('changed', ARGV[1])
return 1
