-- Adds a session. Of all sessions with one of the last arguments as a tag, only the newest so many
-- stay.
local name, created, till, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local entry, record, tags = ARGV[5], ARGV[6], ARGV[7]
local seconds = math.max(1, till - created)

redis.call('HSET', session(name), 'created', ARGV[2], 'entry', entry, 'record', record, 'tags', tags)
redis.call('EXPIRE', session(name), seconds)
redis.call('ZADD', all, ARGV[3], name)
index(name, tags, seconds)
-- Removes some that have expired by this gate's clock, if Redis has forgotten them by its own.
for _, other in ipairs(redis.call('ZRANGEBYSCORE', all, '-inf', ARGV[2], 'LIMIT', 0, 100)) do
  if redis.call('EXISTS', session(other)) == 0 then redis.call('ZREM', all, other) end
end

local theirs = {}
for at = 8, #ARGV do
  for _, other in ipairs(redis.call('SMEMBERS', of(ARGV[at]))) do
    local began = redis.call('HGET', session(other), 'created')
    if not began then
      redis.call('SREM', of(ARGV[at]), other)
    elseif other ~= name then
      theirs[#theirs + 1] = { tonumber(began), other }
    end
  end
end
table.sort(theirs, function(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end)

local ended = {}
for at = 1, #theirs + 1 - most do
  ended[#ended + 1] = theirs[at][2]
  ended[#ended + 1] = remove(theirs[at][2])
end
return ended
