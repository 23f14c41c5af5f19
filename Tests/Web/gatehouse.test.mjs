// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, json, Refusal, Unreachable } from '../../web/gatehouse.js';
import { shortenTimeouts, site, user } from './site.mjs';

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
    const { client, state, count, heldResponses, roundTrip } = await site(context);
    state.hasAccess = false;
    state.heldCall = 'POST /api/auth/refresh';
    const early = client.fetch('/api/people');
    await heldResponses(1);

    const late = client.fetch('/api/people/1');
    await roundTrip();
    state.held.forEach((release) => release());
    await Promise.all([early, late]);

    assert.equal(count('GET /api/people/1'), 1);
    assert.equal(count('POST /api/auth/refresh'), 1);
});

test('a refusal that arrives after a refresh does not cause a second one', async (context) => {
    const { client, state, count, heldResponses } = await site(context);
    state.hasAccess = false;
    state.heldCall = 'GET /api/people/1';
    const slow = client.fetch('/api/people/1');
    await heldResponses(1);

    await client.fetch('/api/people');
    state.heldCall = '';
    state.held.forEach((release) => release());
    const response = await slow;

    assert.equal(response.status, 200);
    assert.equal(count('POST /api/auth/refresh'), 1);
});

test('a refused refresh reports the end of the session once', async (context) => {
    const { client, state, changes } = await site(context);
    await client.me();
    state.hasAccess = state.hasSession = false;

    const response = await client.fetch('/api/people');
    await client.fetch('/api/people');

    assert.equal(response.status, 401);
    assert.equal(client.user, null);
    assert.deepEqual(changes, [{ user, expired: false }, { user: null, expired: true }]);
});

test('a lack of permission causes neither a refresh nor a logout', async (context) => {
    const { client, count } = await site(context);
    await client.me();

    const response = await client.fetch('/api/people/1', { method: 'DELETE' });

    await assert.rejects(answer(response), (error) =>
        error instanceof Refusal && error.message === 'Insufficient permissions');
    assert.equal(count('POST /api/auth/refresh'), 0);
    assert.deepEqual(client.user, user);
});

test('an unavailable server changes no state; its Retry-After is kept', async (context) => {
    const { client, state, changes } = await site(context);
    await client.me();
    state.outageStatus = 503;

    await assert.rejects(client.fetch('/api/people', json('POST', {})), (error) =>
        error instanceof Unreachable && error.status === 503 && error.retryAfter === 7);
    await assert.rejects(client.logOut(), Unreachable);

    assert.deepEqual(client.user, user);
    assert.equal(changes.length, 1);
});

test('a refresh that fails with another status does not end the session', async (context) => {
    const { client, state } = await site(context);
    await client.me();
    state.hasAccess = state.hasSession = false;
    state.refreshStatus = 429;

    await assert.rejects(client.fetch('/api/people'), (error) =>
        error instanceof Refusal && error.status === 429);

    assert.deepEqual(client.user, user);
});

test('a login waits for a refresh whose cookies would replace its own', async (context) => {
    const { client, state, heldResponses, roundTrip } = await site(context);
    state.hasAccess = false;
    state.heldCall = 'POST /api/auth/refresh';
    const early = client.fetch('/api/people');
    await heldResponses(1);

    const login = client.logIn('john@example.com', 'John@123');
    await roundTrip();
    assert.ok(!state.requests.includes('POST /api/auth/login'));
    state.held.forEach((release) => release());
    await Promise.all([early, login]);

    assert.deepEqual(client.user, user);
});

test('a refresh refused after a login does not end the new session', async (context) => {
    const { client, state, changes, heldResponses, roundTrip } = await site(context);
    state.hasAccess = state.hasSession = false;
    state.heldCall = 'POST /api/auth/login';
    const login = client.logIn('john@example.com', 'John@123');
    await heldResponses(1);
    /** @type {(() => void)[]} */
    const refusals = [];
    state.others['POST /api/auth/refresh'] = (response) => {
        refusals.push(() => response.writeHead(401, { 'Content-Type': 'application/json' })
            .end('{"statusCode":401,"message":"refreshToken is not provided"}'));
    };
    const request = client.fetch('/api/people');
    while (refusals.length === 0) await roundTrip();

    state.held.forEach((release) => release());
    while (!state.hasSession) await roundTrip();
    await roundTrip();
    refusals.forEach((refuse) => refuse());

    assert.deepEqual(await login, user);
    assert.equal((await request).status, 200);
    assert.deepEqual(changes, [{ user, expired: false }]);
});

test('requests sent before a change of the password are sent again after it', async (context) => {
    const { client, state, count, heldResponses } = await site(context);
    const json = { 'Content-Type': 'application/json' };
    state.others['POST /api/auth/password'] = (response) => response.writeHead(204, json).end();
    state.hasAccess = false;
    state.heldCall = 'GET /api/people';
    const early = client.fetch('/api/people');
    await heldResponses(1);
    state.heldCall = '';
    state.hasAccess = true;

    await client.changePassword('John@123', 'John@1234');
    state.held.forEach((release) => release());

    assert.equal((await early).status, 200);
    assert.equal(count('POST /api/auth/refresh'), 0);
});

test('logging out of a session that has already ended is not an error', async (context) => {
    const { client, state } = await site(context);
    await client.me();
    state.hasAccess = state.hasSession = false;

    await client.logOut();

    assert.equal(client.user, null);
});

test('an expired access token is not refreshed in order to log out', async (context) => {
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

test('logging out everywhere refreshes the access token that it needs', async (context) => {
    const { client, state, changes, count } = await site(context);
    await client.me();
    state.hasAccess = false;

    await client.logOut({ everywhere: true });

    assert.equal(count('POST /api/auth/logout?all=true'), 2);
    assert.equal(count('POST /api/auth/refresh'), 1);
    assert.deepEqual(changes.at(-1), { user: null, expired: false });
});

test('ending a session that has already ended is not an error', async (context) => {
    const { client, state } = await site(context);

    await client.endSession('7');
    await client.endSession('8');
    await client.endSession('../me');

    assert.deepEqual(state.requests.slice(0, 3), [
        'DELETE /api/auth/sessions/7', 'DELETE /api/auth/sessions/8',
        'DELETE /api/auth/sessions/..%2Fme',
    ]);
});

test('both passwords are sent by name, and a refusal says how long to wait', async (context) => {
    const { client, state } = await site(context);

    await assert.rejects(client.changePassword('John@123', 'John@1234'), (error) =>
        error instanceof Refusal && error.status === 429 && error.retryAfter === 7);

    assert.deepEqual(state.bodies, [{ currentPassword: 'John@123', newPassword: 'John@1234' }]);
});

test('a slow refresh times out before it can do harm, and is sent again', async (context) => {
    const { client, state, count } = await site(context);
    const timeouts = shortenTimeouts(context);
    state.hasAccess = false;
    state.lostRefreshes = 1;

    const response = await client.fetch('/api/people');

    assert.equal(response.status, 200);
    assert.equal(count('POST /api/auth/refresh'), 2);
    assert.deepEqual(timeouts.filter((limit) => limit < 5000), [4500, 4500]);
    assert.equal(timeouts.filter((limit) => limit === 30_000).length, 2);
});

test('a refresh is sent at most twice, and its loss does not end the session', async (context) => {
    const { client, state, count } = await site(context);
    await client.me();
    shortenTimeouts(context);
    state.hasAccess = false;
    state.lostRefreshes = 2;

    await assert.rejects(client.fetch('/api/people'), Unreachable);

    assert.equal(count('POST /api/auth/refresh'), 2);
    assert.deepEqual(client.user, user);
});
