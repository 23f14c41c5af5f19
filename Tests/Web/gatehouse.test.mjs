// @ts-check
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { answer, Gatehouse, json, Refusal, Unreachable } from '../../web/gatehouse.js';

// Every browser has it; Node only from 19 on, and Debian 12 ships 18.
globalThis.CustomEvent ??= /** @type {any} */ (class extends Event {
    constructor(/** @type {string} */ type, /** @type {CustomEventInit} */ options = {}) {
        super(type, options);
        this.detail = options.detail;
    }
});

const user = { username: 'john@example.com', role: 'user' };

/**
 * A server that speaks the contract, and a client of it; `state` can be changed between requests.
 *
 * @param {import('node:test').TestContext} context
 */
async function site(context) {
    const state = {
        hasAccess: true, hasSession: true, refusedWith: 401, refreshStatus: 400,
        /** @type {number} */ downWith: 0,
        /** refreshes whose answer never comes */ lostRefreshes: 0,
        logoutStatus: 200,
        /** @type {unknown[]} */ bodies: [],
        /** @type {string[]} */ requests: [],
        /** the call whose answers are held back */ holds: '',
        /** @type {(() => void)[]} lets go of them */ held: [],
    };
    const server = createServer(async (request, response) => {
        const call = `${request.method} ${request.url}`;
        state.requests.push(call);
        const say = (/** @type {number} */ status, /** @type {unknown} */ body) => {
            response.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': '7' });
            response.end(JSON.stringify(body));
        };
        const refuse = (/** @type {number} */ status, /** @type {string} */ message) =>
            say(status, { statusCode: status, message });
        let body = '';
        for await (const chunk of request) body += chunk;
        state.bodies.push(body && JSON.parse(body));
        if (state.downWith) return refuse(state.downWith, 'Bad gateway');
        const { hasAccess } = state;
        if (call === state.holds) await new Promise((go) => state.held.push(() => go(null)));
        if (call === 'POST /api/auth/refresh') {
            if (state.lostRefreshes-- > 0) return;
            if (!state.hasSession) return refuse(state.refreshStatus, 'Refresh token is invalid');
            state.hasAccess = true;
            return say(200, {});
        }
        if (call === 'POST /api/auth/login') {
            state.hasAccess = state.hasSession = true;
            return say(200, {});
        }
        if (call === 'POST /api/auth/refresh/logout') {
            if (!state.hasSession) return refuse(401, 'Invalid refresh token');
            state.hasAccess = state.hasSession = false;
            return say(state.logoutStatus, {});
        }
        if (!hasAccess) {
            const isMissing = state.refusedWith === 401;
            const message = isMissing ? 'Access token required' : 'Invalid or expired token';
            return refuse(state.refusedWith, message);
        }
        if (call === 'DELETE /api/auth/sessions/8') return refuse(404, 'Session not found');
        if (call === 'POST /api/auth/password') return refuse(429, 'Too many requests');
        if (call === 'DELETE /api/people/1') return refuse(403, 'Insufficient permissions');
        return say(200, call === 'GET /api/auth/me' ? user : []);
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(null)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const origin = `http://127.0.0.1:${port}`;
    const client = new Gatehouse({ base: origin });
    context.after(() => {
        client.close();
        server.close();
        server.closeAllConnections();
    });
    /** @type {{user: object | null, expired: boolean}[]} */
    const changes = [];
    client.addEventListener('change', (event) =>
        changes.push(/** @type {import('../../web/gatehouse.js').ChangeEvent} */ (event).detail));
    const count = (/** @type {string} */ call) => state.requests.filter((c) => c === call).length;
    const heldAnswers = async (/** @type {number} */ number) => {
        while (state.held.length < number) await new Promise((turn) => setImmediate(turn));
    };
    /** By its end, a request that was not held back has reached the server. */
    const roundTrip = async () => {
        await fetch(`${origin}/probe`).then((response) => response.text());
    };
    return { client, state, changes, count, heldAnswers, roundTrip };
}

for (const status of [401, 403]) {
    test(`requests refused with ${status} share a refresh and are sent again`, async (context) => {
        const { client, state, count } = await site(context);
        state.hasAccess = false;
        state.refusedWith = status;

        const paths = ['/api/people', '/api/auth/me', '/api/people/1', '/api/people/2'];
        const responses = await Promise.all(paths.map((path) => client.fetch(path)));

        assert.deepEqual(responses.map((response) => response.status), [200, 200, 200, 200]);
        assert.equal(count('POST /api/auth/refresh'), 1);
        assert.equal(count('GET /api/people'), 2);
    });
}

test('a request made during a refresh waits for it', async (context) => {
    const { client, state, count, heldAnswers, roundTrip } = await site(context);
    state.hasAccess = false;
    state.holds = 'POST /api/auth/refresh';
    const early = client.fetch('/api/people');
    await heldAnswers(1);

    const late = client.fetch('/api/people/1');
    await roundTrip();
    state.held.forEach((release) => release());
    await Promise.all([early, late]);

    assert.equal(count('GET /api/people/1'), 1);
    assert.equal(count('POST /api/auth/refresh'), 1);
});

test('a refusal that lands after a refresh leads to no second one', async (context) => {
    const { client, state, count, heldAnswers } = await site(context);
    state.hasAccess = false;
    state.holds = 'GET /api/people/1';
    const slow = client.fetch('/api/people/1');
    await heldAnswers(1);

    await client.fetch('/api/people');
    state.holds = '';
    state.held.forEach((release) => release());
    const response = await slow;

    assert.equal(response.status, 200);
    assert.equal(count('POST /api/auth/refresh'), 1);
});

test('a refused refresh tells once that the session has ended', async (context) => {
    const { client, state, changes } = await site(context);
    await client.me();
    state.hasAccess = state.hasSession = false;

    const response = await client.fetch('/api/people');
    await client.fetch('/api/people');

    assert.equal(response.status, 401);
    assert.equal(client.user, null);
    assert.deepEqual(changes, [{ user, expired: false }, { user: null, expired: true }]);
});

test('a lack of permission neither refreshes nor signs out', async (context) => {
    const { client, count } = await site(context);
    await client.me();

    const response = await client.fetch('/api/people/1', { method: 'DELETE' });

    await assert.rejects(answer(response), (error) =>
        error instanceof Refusal && error.message === 'Insufficient permissions');
    assert.equal(count('POST /api/auth/refresh'), 0);
    assert.deepEqual(client.user, user);
});

test('a server that is away changes no state, and says when to come back', async (context) => {
    const { client, state, changes } = await site(context);
    await client.me();
    state.downWith = 503;

    await assert.rejects(client.fetch('/api/people', json('POST', {})), (error) =>
        error instanceof Unreachable && error.status === 503 && error.retryAfter === 7);
    await assert.rejects(client.logOut(), Unreachable);

    assert.deepEqual(client.user, user);
    assert.equal(changes.length, 1);
});

test('a refresh that failed for another reason does not end the session', async (context) => {
    const { client, state } = await site(context);
    await client.me();
    state.hasAccess = state.hasSession = false;
    state.refreshStatus = 429;

    await assert.rejects(client.fetch('/api/people'), (error) =>
        error instanceof Refusal && error.status === 429);

    assert.deepEqual(client.user, user);
});

test('a login waits for a refresh whose cookies would replace its own', async (context) => {
    const { client, state, heldAnswers, roundTrip } = await site(context);
    state.hasAccess = false;
    state.holds = 'POST /api/auth/refresh';
    const early = client.fetch('/api/people');
    await heldAnswers(1);

    const login = client.logIn('john@example.com', 'John@123');
    await roundTrip();
    assert.ok(!state.requests.includes('POST /api/auth/login'));
    state.held.forEach((release) => release());
    await Promise.all([early, login]);

    assert.deepEqual(client.user, user);
});

test('logging out of a session that is over already is no error', async (context) => {
    const { client, state } = await site(context);
    await client.me();
    state.hasAccess = state.hasSession = false;

    await client.logOut();

    assert.equal(client.user, null);
});

test('an access token that has run out is not refreshed to log out', async (context) => {
    const { client, state, count } = await site(context);
    await client.me();
    state.hasAccess = false;

    await client.logOut();

    assert.equal(client.user, null);
    assert.equal(state.hasSession, false);
    assert.equal(count('POST /api/auth/refresh/logout'), 1);
    assert.equal(count('POST /api/auth/refresh'), 0);
});

test('a logout that fails leaves the user signed in', async (context) => {
    const { client, state } = await site(context);
    await client.me();
    state.hasAccess = false;
    state.logoutStatus = 500;

    await assert.rejects(client.logOut(), (error) =>
        error instanceof Refusal && error.status === 500);

    assert.deepEqual(client.user, user);
});

test('logging out everywhere takes an access token, and gets one', async (context) => {
    const { client, state, changes, count } = await site(context);
    await client.me();
    state.hasAccess = false;

    await client.logOut({ everywhere: true });

    assert.equal(count('POST /api/auth/logout?all=true'), 2);
    assert.equal(count('POST /api/auth/refresh'), 1);
    assert.deepEqual(changes.at(-1), { user: null, expired: false });
});

test('a session that is over already is ended without an error', async (context) => {
    const { client, state } = await site(context);

    await client.endSession('7');
    await client.endSession('8');
    await client.endSession('../me');

    assert.deepEqual(state.requests.slice(0, 3), [
        'DELETE /api/auth/sessions/7', 'DELETE /api/auth/sessions/8',
        'DELETE /api/auth/sessions/..%2Fme',
    ]);
});

test('a password is sent under its names, and who must wait is told how long', async (context) => {
    const { client, state } = await site(context);

    await assert.rejects(client.changePassword('John@123', 'John@1234'), (error) =>
        error instanceof Refusal && error.status === 429 && error.retryAfter === 7);

    assert.deepEqual(state.bodies, [{ currentPassword: 'John@123', newPassword: 'John@1234' }]);
});

/** Lets time-outs run off ten times as fast, and notes for how long they were asked for. */
function hasten(/** @type {import('node:test').TestContext} */ context) {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    /** @type {number[]} */
    const asked = [];
    context.mock.method(AbortSignal, 'timeout', (/** @type {number} */ milliseconds) => {
        asked.push(milliseconds);
        return timeout(milliseconds / 10);
    });
    return asked;
}

test('a late refresh is given up before it can do harm, and asked again', async (context) => {
    const { client, state, count } = await site(context);
    const asked = hasten(context);
    state.hasAccess = false;
    state.lostRefreshes = 1;

    const response = await client.fetch('/api/people');

    assert.equal(response.status, 200);
    assert.equal(count('POST /api/auth/refresh'), 2);
    assert.deepEqual(asked.filter((limit) => limit < 5000), [4500, 4500]);
    assert.equal(asked.filter((limit) => limit === 30_000).length, 2);
});

test('a refresh is asked for twice, no more, and the session goes on', async (context) => {
    const { client, state, count } = await site(context);
    await client.me();
    hasten(context);
    state.hasAccess = false;
    state.lostRefreshes = 2;

    await assert.rejects(client.fetch('/api/people'), Unreachable);

    assert.equal(count('POST /api/auth/refresh'), 2);
    assert.deepEqual(client.user, user);
});
