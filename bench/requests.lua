-- What wrk asks: the lines of a file, each METHOD, path, visitor's address and body with a tab between.
-- An answer counts when its status is the wanted one and its body or Location holds the wanted words.
-- Each connection pauses for so many milliseconds between two requests. Where it `may be shed`, a 503 that says when to come
-- again is no error, and is told apart. Asked for `packed`, an answer must be compressed, and its words are not looked at.
-- Threads share the lines: each takes every so-manieth, and begins again at the end; where each was for `once`, it says so.

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  local file, count = args[1], tonumber(args[2])
  wanted, words, once, host = tonumber(args[3]), args[4], args[5] == "once", args[6]
  pause, may_be_shed, shed, packed = tonumber(args[7]), args[8] == "shed", 0, args[9] == "packed"
  -- wrk looks once whether there is such a function, and asks it before each request.
  if pause > 0 then delay = function() return pause end end
  asked, position, right, wrong, said, ran_out = {}, 0, 0, 0, "", 0
  local line_number = 0
  for line in io.lines(file) do
    if line_number % count == number then
      local method, path, ip, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
      local headers = { ["Host"] = host, ["X-Forwarded-For"] = ip, ["X-Forwarded-Proto"] = "https" }
      if body ~= "" then headers["Content-Type"] = "application/x-www-form-urlencoded" else body = nil end
      if packed then headers["Accept-Encoding"] = "gzip, deflate, br" end
      table.insert(asked, wrk.format(method, path, headers, body))
    end
    line_number = line_number + 1
  end
end

function request()
  position = position + 1
  if position > #asked then
    if once then
      ran_out = 1
    end
    position = 1
  end
  return asked[position]
end

function response(status, headers, body)
  local found = status == wanted
  if packed then
    found = found and (headers["Content-Encoding"] or headers["content-encoding"]) == "gzip"
  elseif found and words ~= "" then
    local place = headers["Location"] or headers["location"]
    found = (place or body):find(words, 1, true) ~= nil
  end
  if found then
    right = right + 1
  elseif may_be_shed and status == 503 and (headers["Retry-After"] or headers["retry-after"]) then
    shed = shed + 1
  else
    wrong = wrong + 1
    if said == "" then said = "status " .. status end
  end
end

function done(summary, latency, requests)
  local all_right, all_wrong, all_said, all_ran_out, all_shed = 0, 0, "", 0, 0
  for _, thread in ipairs(threads) do
    all_right = all_right + thread:get("right")
    all_wrong = all_wrong + thread:get("wrong")
    all_shed = all_shed + thread:get("shed")
    all_ran_out = all_ran_out + thread:get("ran_out")
    if all_said == "" then all_said = thread:get("said") end
  end
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"right": %d, "wrong": %d, "said": "%s", "seconds": %f, "p50": %f, "p99": %f, "lost": %d, "ran_out": %d, "shed": %d}\n',
    all_right, all_wrong, all_said, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout, all_ran_out, all_shed))
end
