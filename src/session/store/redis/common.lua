-- KEYS[1]: what all names begin with. The names of sessions and the tags in them are bytes, not text.
local prefix = KEYS[1]
local all, changes = prefix .. 'all', prefix .. 'changes'

local function session(name) return prefix .. 'session:' .. name end
local function of(tag) return prefix .. 'of:' .. tag end

-- Tells every gate.
local function tell(kind, name)
  redis.call('XADD', changes, 'MAXLEN', '~', 10000, '*', kind, name)
end

-- Removes a session and all it is found by. Its entry; false if there is none.
local function remove(name)
  local known = redis.call('HMGET', session(name), 'entry', 'tags')
  redis.call('ZREM', all, name)
  if not known[1] then return false end
  redis.call('DEL', session(name))
  for at = 1, #known[2], 32 do
    redis.call('SREM', of(string.sub(known[2], at, at + 31)), name)
  end
  tell('ended', name)
  return known[1]
end
