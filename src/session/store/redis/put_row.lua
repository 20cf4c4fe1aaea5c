-- Keeps a row under the first name, in place of those under the other names.
local kind, sealed, till, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
for at = 6, #ARGV do remove_row(kind, ARGV[at]) end
keep_row(kind, ARGV[5], sealed, till, now)
return 0
