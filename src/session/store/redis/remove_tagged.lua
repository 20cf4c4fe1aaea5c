-- Removes every session with one of the tags.
local ended = {}
for _, tag in ipairs(ARGV) do
  for _, name in ipairs(redis.call('SMEMBERS', of(tag))) do
    local entry = remove(name)
    if entry then
      ended[#ended + 1] = name
      ended[#ended + 1] = entry
    else
      redis.call('SREM', of(tag), name)
    end
  end
end
return ended
