-- KEYS: template, the member's count, reply, coupon.
-- ARGV: body hash, id, template, member, now, end of validity.
-- Returns the coupon's id, 0 when refused, -1 when the key was used for another body.
local known = redis.call('HMGET', KEYS[3], 'body', 'coupon')
if known[1] then
  if known[1] == ARGV[1] then return tonumber(known[2]) end
  return -1
end
local t = redis.call('HMGET', KEYS[1], 'total', 'issued', 'per_member', 'ends_at')
if not t[1] or tonumber(t[2]) >= tonumber(t[1]) or tonumber(ARGV[5]) >= tonumber(t[4]) then return 0 end
if tonumber(redis.call('GET', KEYS[2]) or '0') >= tonumber(t[3]) then return 0 end
redis.call('HINCRBY', KEYS[1], 'issued', 1)
redis.call('INCR', KEYS[2])
redis.call('HSET', KEYS[4], 'template', ARGV[3], 'member', ARGV[4], 'state', 'usable', 'from', ARGV[5], 'to', ARGV[6])
redis.call('HSET', KEYS[3], 'body', ARGV[1], 'coupon', ARGV[2])
redis.call('EXPIRE', KEYS[3], 691200)
return tonumber(ARGV[2])
