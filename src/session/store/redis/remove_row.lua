-- Removes the rows under all names.
local removed = 0
for at = 2, #ARGV do removed = removed + remove_row(ARGV[1], ARGV[at]) end
return removed > 0 and 1 or 0
