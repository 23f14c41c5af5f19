// @ts-check
// What `fetch` accepts as an address, as headers and as a body.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { Gatehouse } from '../../web/gatehouse.js';
import { site } from './site.mjs';

const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' };

for (const [what, of] of /** @type {[string, (address: string) => string | URL | Request][]} */ ([
    ['a complete address', (address) => address], ['a URL', (address) => new URL(address)],
    ['a Request', (address) => new Request(address)],
])) {
    test(`${what} is requested as it is, before and after a refresh`, async (context) => {
        const { origin, client, state, count } = await site(context);
        state.hasAccess = false;

        const response = await client.fetch(of(`${origin}/api/people?page=2`));

        assert.equal(response.status, 200);
        assert.equal(count('GET /api/people?page=2'), 2);
        assert.equal(count('POST /api/auth/refresh'), 1);
    });
}

test('a Request keeps its method, headers and body when it is sent again', async (context) => {
    const { origin, client, state, count } = await site(context);
    state.hasAccess = false;

    const request = new Request(`${origin}/api/people`, json);
    const response = await client.fetch(request);

    assert.equal(response.status, 200);
    assert.equal(count('POST /api/people'), 2);
    assert.deepEqual(state.bodies.filter(Boolean), [{ a: 1 }, { a: 1 }]);
});

test('the signal of a Request is heard', async (context) => {
    const { origin, client, state, heldResponses } = await site(context);
    state.heldCall = 'GET /api/people';
    const controller = new AbortController();
    const { signal } = controller;
    const asked = client.fetch(new Request(`${origin}/api/people`, { signal }));
    await heldResponses(1);

    controller.abort(new Error('gone'));

    await assert.rejects(asked, { message: 'gone' });
});

test('headers that can be read only once are sent both times', async (context) => {
    const { client, state } = await site(context);
    /** @type {unknown[]} */
    const received = [];
    state.others['GET /api/people'] = (response) => {
        received.push(response.req.headers['x-kind']);
        response.writeHead(received.length === 1 ? 401 : 200).end();
    };
    const headers = new Map([['X-Kind', 'list']]).entries();

    const response = await client.fetch('/api/people', { headers: /** @type {any} */ (headers) });

    assert.equal(response.status, 200);
    assert.deepEqual(received, ['list', 'list']);
});

/** @returns {RequestInit} */
function stream() {
    const body = new ReadableStream({
        start(controller) {
            controller.enqueue(new TextEncoder().encode('{"a":1}'));
            controller.close();
        },
    });
    return { method: 'POST', body };
}

test('a stream is sent once, with an access token that is valid', async (context) => {
    const { client, state, count } = await site(context);
    state.hasAccess = false;

    const response = await client.fetch('/api/people', stream());

    assert.equal(response.status, 200);
    assert.equal(count('POST /api/people'), 1);
    assert.equal(count('POST /api/auth/refresh'), 1);
    assert.deepEqual(state.bodies.filter(Boolean), [{ a: 1 }]);
});

test('the refusal of a stream is returned', async (context) => {
    const { client, state } = await site(context);
    state.hasAccess = state.hasSession = false;

    assert.equal((await client.fetch('/api/people', stream())).status, 401);
});

for (const isWithBase of [true, false]) {
    const what = isWithBase ? 'with a base' : 'without one';
    test(`another origin gets no cookies and causes no refresh, ${what}`, async (context) => {
        const { origin, state } = await site(context);
        const other = createServer((_, response) => response.writeHead(401).end('elsewhere'));
        await new Promise((listening) => other.listen(0, '127.0.0.1', () => listening(null)));
        const { port } = /** @type {import('node:net').AddressInfo} */ (other.address());
        const client = new Gatehouse(isWithBase ? { base: origin } : {});
        context.after(() => {
            client.close();
            other.close();
            other.closeAllConnections();
        });
        if (!isWithBase) {
            Object.defineProperty(globalThis, 'location', {
                value: new URL(`${origin}/people`), configurable: true,
            });
            context.after(() => Reflect.deleteProperty(globalThis, 'location'));
        }
        /** @type {(string | undefined)[]} */
        const credentials = [];
        const plain = fetch;
        context.mock.method(globalThis, 'fetch', (
            /** @type {string | URL | Request} */ address, /** @type {RequestInit} */ init,
        ) => {
            credentials.push(init.credentials);
            return plain(address, init);
        });

        const address = `http://127.0.0.1:${port}/`;
        for (const input of [address, new URL(address), new Request(address)]) {
            const response = await client.fetch(input);
            assert.equal(await response.text(), 'elsewhere');
        }

        assert.deepEqual(credentials, [undefined, undefined, undefined]);
        assert.deepEqual(state.requests, []);
    });
}
