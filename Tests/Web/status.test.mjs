// @ts-check
// The module's first request, which is never refused, whoever is signed in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { site, user } from './site.mjs';

const status = 'GET /api/auth/refresh/status';

test('a guest causes no request that is refused', async (context) => {
    const { client, state } = await site(context);
    state.hasAccess = state.hasSession = false;

    assert.equal(await client.me(), null);
    assert.equal(client.user, null);
    assert.deepEqual(state.requests, [status]);
});

test('a signed-in user costs one request', async (context) => {
    const { client, state, changes } = await site(context);

    assert.deepEqual(await client.me(), user);
    assert.deepEqual(state.requests, [status]);
    assert.deepEqual(changes, [{ user, expired: false }]);
});

test('an access token that has run out causes no request that is refused', async (context) => {
    const { client, state } = await site(context);
    state.hasAccess = false;

    assert.deepEqual(await client.me(), user);
    assert.deepEqual(state.requests, [status, 'POST /api/auth/refresh', 'GET /api/auth/me']);
});

test('a session that has ended elsewhere is found out by the refresh', async (context) => {
    const { client, state } = await site(context);
    state.hasAccess = state.hasSession = false;
    state.others[status] = (response) => response.end('{"user":null,"canRefresh":true}');

    assert.equal(await client.me(), null);
    assert.deepEqual(state.requests, [status, 'POST /api/auth/refresh']);
});

for (const [server, respond] of /** @type {const} */ ([
    ['an older server', (/** @type {any} */ response) => response.writeHead(404).end(
        '{"statusCode":404,"message":"Route not found"}')],
    ['a proxy with a 401 of its own', (/** @type {any} */ response) => response.writeHead(401).end()],
    ['something else', (/** @type {any} */ response) => response.end('{"status":"ok"}')],
])) {
    test(`${server} in the place of the path does not sign the user out`, async (context) => {
        const { client, state } = await site(context);
        state.others[status] = respond;

        assert.deepEqual(await client.me(), user);
        assert.deepEqual(state.requests, [status, 'GET /api/auth/me']);
    });
}

test('an answer from before a login does not undo it', async (context) => {
    const { client, state, changes, heldResponses } = await site(context);
    state.hasAccess = state.hasSession = false;
    state.heldCall = status;
    const early = client.me();
    await heldResponses(1);
    state.heldCall = '';

    await client.logIn('john@example.com', 'John@123');
    state.held[0]();

    assert.deepEqual(await early, user);
    assert.deepEqual(client.user, user);
    assert.deepEqual(changes, [{ user, expired: false }]);
});
