-- Keeps a row under the first name unless one of the names has one: that one then. A question that is
-- asked twice finds its own row, which is no other.
local kind, sealed, till, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
for at = 5, #ARGV do
  local there = redis.call('GET', row(kind, ARGV[at]))
  if there == sealed then return false end
  if there then return { ARGV[at], there } end
end
keep_row(kind, ARGV[5], sealed, till, now)
return false
