-- What people do, for wrk: TOKEN of the environment is an administrator's access token.
local as_admin, with_json, me, page, refused, log_in

-- Before this, wrk has no Host to write.
function init()
    as_admin = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
    with_json = {
        ["Authorization"] = as_admin["Authorization"], ["Content-Type"] = "application/json" }
    me = wrk.format("GET", "/api/auth/me", as_admin)
    page = wrk.format("GET", "/api/people?limit=50", as_admin)
    refused = wrk.format("GET", "/api/auth/me")
    log_in = wrk.format(
        "POST", "/api/auth/login", { ["Content-Type"] = "application/json" },
        '{"username":"john@example.com","password":"John@123"}')
end

local number = 0

function request()
    number = number + 1
    if number % 500 == 0 then return log_in end
    if number % 50 == 0 then return refused end
    if number % 25 == 0 then
        return wrk.format(
            "POST", "/api/people", with_json,
            -- All over the index of names.
            string.format('{"firstName":"Ada","lastName":"N%d"}', number * 7919 % 100003))
    end
    if number % 10 == 0 then return page end
    return me
end

-- 401 is what `refused` is for; anything else that is no success is counted.
wrong = 0

threads = {}

function setup(thread) table.insert(threads, thread) end

function response(status)
    if status >= 300 and status ~= 401 then wrong = wrong + 1 end
end

function done(summary)
    local bad = 0
    for _, thread in ipairs(threads) do bad = bad + thread:get("wrong") end
    local errors = summary.errors
    print(string.format(
        "answered=%d lost=%d wrong=%d", summary.requests,
        errors.connect + errors.read + errors.write + errors.timeout, bad))
end
