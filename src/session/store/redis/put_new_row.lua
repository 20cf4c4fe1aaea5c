-- Adds a row under the first name, or returns the one that exists under one of the names. A
-- question that is asked twice finds its own row, which does not count as another.
local kind, sealed, till, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
for at = 5, #ARGV do
  local there = redis.call('GET', row(kind, ARGV[at]))
  if there == sealed then return false end
  if there then return { ARGV[at], there } end
end
keep_row(kind, ARGV[5], sealed, till, now)
return false
