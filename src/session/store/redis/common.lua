-- KEYS[1]: the prefix of all keys. The keys of sessions and the tags in them are bytes, not text.
local prefix = KEYS[1]
local all, changes = prefix .. 'all', prefix .. 'changes'

local function session(name) return prefix .. 'session:' .. name end
local function of(tag) return prefix .. 'of:' .. tag end

-- Tells every gate.
local function tell(kind, name)
  redis.call('XADD', changes, 'MAXLEN', '~', 10000, '*', kind, name)
end

-- Lets a session be found by its tags for so many seconds.
local function index(name, tags, seconds)
  for at = 1, #tags, 32 do
    local set = of(string.sub(tags, at, at + 31))
    redis.call('SADD', set, name)
    if redis.call('TTL', set) < seconds then redis.call('EXPIRE', set, seconds) end
  end
end

local function unindex(name, tags)
  for at = 1, #tags, 32 do
    redis.call('SREM', of(string.sub(tags, at, at + 31)), name)
  end
end

-- Removes a session and its tags. Returns its entry, or false if there is none. The end is told
-- even then: other gates may have the session in memory.
local function remove(name)
  local known = redis.call('HMGET', session(name), 'entry', 'tags')
  redis.call('ZREM', all, name)
  tell('ended', name)
  if not known[1] then return false end
  redis.call('DEL', session(name))
  unindex(name, known[2])
  return known[1]
end

-- Small records: a row by its table and name, and for each table the names by the second at which
-- they expire.
local function row(kind, name) return prefix .. 'row:' .. kind .. ':' .. name end
local function rows(kind) return prefix .. 'rows:' .. kind end

local function remove_row(kind, name)
  redis.call('ZREM', rows(kind), name)
  return redis.call('DEL', row(kind, name))
end

-- Keeps a row until a second, or for ever ('+inf').
local function keep_row(kind, name, sealed, till, now)
  redis.call('SET', row(kind, name), sealed)
  if till ~= '+inf' then
    redis.call('EXPIRE', row(kind, name), math.max(1, tonumber(till) - tonumber(now)))
  end
  redis.call('ZADD', rows(kind), till, name)
  -- Removes names of rows that Redis has expired, whatever the clock of a gate says.
  redis.call('ZREMRANGEBYSCORE', rows(kind), '-inf', tonumber(now) - 86400)
end
