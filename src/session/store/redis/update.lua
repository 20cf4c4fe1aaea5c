-- Replaces both pieces and the tags of a session that exists.
local name, tags = ARGV[1], ARGV[4]
local before = redis.call('HGET', session(name), 'tags')
if not before then return 0 end
if before ~= tags then
  unindex(name, before)
  index(name, tags, redis.call('TTL', session(name)))
end
redis.call('HSET', session(name), 'entry', ARGV[2], 'record', ARGV[3], 'tags', tags)
tell('changed', name)
return 1
