// @ts-check
// Responses that do not come from Gatehouse, or have nothing to do with the session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal, Unreachable } from '../../web/gatehouse.js';
import { site, user } from './site.mjs';

/**
 * Returns the handler of another server.
 *
 * @param {number} status
 * @param {string} [body]
 * @param {Record<string, string>} [headers]
 * @returns {(response: import('node:http').ServerResponse) => void}
 */
const other = (status, body, headers = { 'Content-Type': 'text/html' }) =>
    (response) => response.writeHead(status, headers).end(body);

const page = '<!doctype html><title>Log in to the proxy</title>';
const nest = '{"statusCode":401,"message":"Unauthorized"}';

const foreign = /** @type {const} */ ([
    ['200 with HTML', other(200, page)],
    ['204', other(204)],
    ['a redirect', other(302, '', { Location: '/elsewhere' })],
    ['400 with HTML', other(400, page)],
    ['401 with HTML', other(401, page)],
    ['401 without a body', other(401)],
    ['401 with JSON of another shape', other(401, '{"error":"Access token required"}')],
    ['403 with HTML', other(403, page)],
    ['404 with HTML', other(404, page)],
]);

for (const [what, handler] of foreign) {
    test(`a refresh answered by another server, ${what}, ends no session`, async (context) => {
        const { client, state, changes, count } = await site(context);
        await client.me();
        state.hasAccess = false;
        state.others['POST /api/auth/refresh'] = handler;

        await assert.rejects(client.fetch('/api/people'), Unreachable);
        await assert.rejects(client.me(), Unreachable);
        assert.deepEqual(client.user, user);
        assert.equal(count('GET /elsewhere'), 0);

        state.others = {};
        assert.equal((await client.fetch('/api/people')).status, 200);
        assert.equal(changes.length, 1);
    });

    test(`/me answered by another server, ${what}, ends no session`, async (context) => {
        const { client, state, changes } = await site(context);
        await client.me();
        state.others['GET /api/auth/me'] = handler;

        await assert.rejects(client.me(), Unreachable);

        assert.deepEqual(client.user, user);
        assert.equal(changes.length, 1);
    });

    test(`a logout answered by another server, ${what}, has not happened`, async (context) => {
        const { client, state } = await site(context);
        await client.me();
        state.others['POST /api/auth/logout'] = handler;
        state.others['POST /api/auth/refresh/logout'] = handler;

        await assert.rejects(client.logOut(), Unreachable);

        assert.deepEqual(client.user, user);
    });
}

test('a 401 in the shape of Gatehouse, but with other words, ends no session', async (context) => {
    const { client, state } = await site(context);
    await client.me();
    state.hasAccess = false;
    const json = { 'Content-Type': 'application/json' };
    state.others['POST /api/auth/refresh'] = other(401, nest, json);

    await assert.rejects(client.me(), (error) => error instanceof Refusal && error.status === 401);

    assert.deepEqual(client.user, user);
});

for (const [what, handler] of /** @type {const} */ ([
    ['HTML', other(401, page)],
    ['the words of Gatehouse', other(401, '{"statusCode":401,"message":"Access token required"}')],
])) {
    test(`a path with a 401 of its own, ${what}, ends no session`, async (context) => {
        const { client, state, changes, count } = await site(context);
        await client.me();
        state.others['GET /api/reports'] = handler;
        const now = Date.now();
        context.mock.method(Date, 'now', () => now);

        for (let time = 0; time < 5; time += 1) {
            assert.equal((await client.fetch('/api/reports')).status, 401);
        }

        assert.deepEqual(client.user, user);
        assert.equal(changes.length, 1);
        assert.equal(count('POST /api/auth/refresh'), 1);
        assert.equal(count('GET /api/reports'), 6);
    });
}

test('later, a valid access token is not refreshed because of such a path', async (context) => {
    const { client, state, count } = await site(context);
    state.others['GET /api/reports'] = other(401, page);
    await client.fetch('/api/reports');

    const now = Date.now();
    context.mock.method(Date, 'now', () => now + 60_000);
    const responses = await Promise.all([
        client.fetch('/api/reports'), client.fetch('/api/reports'), client.fetch('/api/people'),
    ]);

    assert.deepEqual(responses.map((response) => response.status), [401, 401, 200]);
    assert.equal(count('POST /api/auth/refresh'), 1);
});

test('an access token that has expired is refreshed in spite of such a path', async (context) => {
    const { client, state, changes, count } = await site(context);
    await client.me();
    state.others['GET /api/reports'] = other(401, page);
    await client.fetch('/api/reports');
    state.hasAccess = false;

    assert.deepEqual(await client.me(), user);
    assert.equal(count('POST /api/auth/refresh'), 2);

    const now = Date.now();
    context.mock.method(Date, 'now', () => now + 60_000);
    state.hasAccess = false;
    assert.equal((await client.fetch('/api/people')).status, 200);
    assert.equal(count('POST /api/auth/refresh'), 3);

    context.mock.method(Date, 'now', () => now + 120_000);
    state.hasAccess = state.hasSession = false;
    assert.equal((await client.fetch('/api/reports')).status, 401);
    assert.deepEqual(changes.at(-1), { user: null, expired: true });
});

test('a tab that is not told of a refresh by another one stays signed in', async (context) => {
    const { client, state, changes, heldResponses } = await site(context);
    await client.me();
    state.others['GET /api/reports'] = other(401, page);
    await client.fetch('/api/reports');
    state.hasAccess = false;
    state.heldCall = 'GET /api/auth/me';
    const asked = client.me();
    await heldResponses(1);
    state.heldCall = '';
    state.hasAccess = true;
    state.held.forEach((release) => release());

    assert.deepEqual(await asked, user);
    assert.equal(changes.length, 1);
});

test('the body of a second refusal can be read', async (context) => {
    const { client, state } = await site(context);
    state.others['GET /api/reports'] = other(401, page);

    const response = await client.fetch('/api/reports');

    assert.equal(await response.text(), page);
});
