// @ts-check
// Signals of the caller, the client's own timeout, and pauses that the server asks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, Gatehouse, Unreachable } from '../../web/gatehouse.js';
import { shortenTimeouts, site, user } from './site.mjs';

const reason = new Error('the view is gone');
const limit = { timeout: 20_000 };

/** Runs a test with AbortSignal.any, which older browsers lack, and without it. */
function withAndWithoutAny(
    /** @type {string} */ name,
    /** @type {(context: import('node:test').TestContext) => Promise<void>} */ body,
) {
    test(name, limit, body);
    test(`${name}, without AbortSignal.any`, limit, async (context) => {
        const own = Object.getOwnPropertyDescriptor(AbortSignal, 'any');
        Object.defineProperty(AbortSignal, 'any', { value: undefined, configurable: true });
        context.after(() => Object.defineProperty(AbortSignal, 'any', own ?? {}));
        await body(context);
    });
}

withAndWithoutAny('an abort during a refresh is heard at once', async (context) => {
    const { client, state, changes, heldResponses } = await site(context);
    await client.me();
    state.hasAccess = false;
    state.heldCall = 'POST /api/auth/refresh';
    const controller = new AbortController();
    const { signal } = controller;
    const first = client.fetch('/api/people', { signal });
    await heldResponses(1);
    const waiting = client.fetch('/api/people/2', { signal });
    const other = client.fetch('/api/people/3');

    controller.abort(reason);
    await assert.rejects(first, reason);
    await assert.rejects(waiting, reason);

    // The shared refresh goes on.
    state.held.forEach((release) => release());
    assert.equal((await other).status, 200);
    assert.ok(!state.requests.includes('GET /api/people/2'));
    assert.equal(state.requests.filter((call) => call === 'GET /api/people').length, 1);
    assert.deepEqual(client.user, user);
    assert.equal(changes.length, 1);
});

test('a refresh may fail after its only caller has gone', async (context) => {
    const { client, state, heldResponses, roundTrip } = await site(context);
    state.hasAccess = false;
    state.others['POST /api/auth/refresh'] = (response) => {
        state.held.push(() => response.writeHead(502).end());
    };
    const controller = new AbortController();
    const request = client.fetch('/api/people', { signal: controller.signal });
    await heldResponses(1);
    controller.abort(reason);
    await assert.rejects(request, reason);

    state.held.forEach((release) => release());
    await roundTrip();
    await assert.rejects(client.fetch('/api/people'), Unreachable);
});

withAndWithoutAny('a signal that is aborted already prevents a request', async (context) => {
    const { client, state } = await site(context);

    const signal = AbortSignal.abort(reason);
    await assert.rejects(client.fetch('/api/people', { signal }), reason);

    assert.deepEqual(state.requests, []);
});

withAndWithoutAny('an abort is heard while a request is on its way', async (context) => {
    const { client, state, heldResponses } = await site(context);
    state.heldCall = 'GET /api/people';
    const controller = new AbortController();
    const request = client.fetch('/api/people', { signal: controller.signal });
    await heldResponses(1);

    controller.abort(reason);

    await assert.rejects(request, reason);
});

withAndWithoutAny('an abort ends a body that is on its way', async (context) => {
    const { client, state } = await site(context);
    state.others['GET /api/export'] = (response) => {
        response.writeHead(200);
        response.write('first');
    };
    const controller = new AbortController();
    const response = await client.fetch('/api/export', { signal: controller.signal });

    controller.abort(reason);

    await assert.rejects(response.text());
});

for (const [what, init] of /** @type {[string, RequestInit][]} */ ([
    ['no signal', {}], ['an undefined signal', { signal: undefined }], ['null', { signal: null }],
    ['a signal of the caller', { signal: new AbortController().signal }],
])) {
    withAndWithoutAny(`the client's timeout holds with ${what}`, async (context) => {
        const { client, state } = await site(context);
        shortenTimeouts(context, 100);
        state.heldCall = 'GET /api/people';

        await assert.rejects(client.fetch('/api/people', init), (error) =>
            error instanceof Unreachable && error.status === 0);
    });
}

test('the reason of the caller comes before the timeout', limit, async (context) => {
    const { client, state } = await site(context);
    state.heldCall = 'GET /api/people';
    const signal = AbortSignal.timeout(300);

    await assert.rejects(client.fetch('/api/people', { signal }), { name: 'TimeoutError' });
});

withAndWithoutAny('a body may take longer than the timeout', async (context) => {
    const { origin, state } = await site(context);
    const patient = new Gatehouse({ base: origin, timeout: 500 });
    context.after(() => patient.close());
    const timeouts = shortenTimeouts(context, 1);
    let finish = () => {};
    state.others['GET /api/export'] = (response) => {
        response.writeHead(200);
        response.write('first ');
        finish = () => response.end('last');
    };
    const { signal } = new AbortController();
    const response = await patient.fetch('/api/export', { signal });

    const expired = AbortSignal.timeout(700);
    await new Promise((resolve) => expired.addEventListener('abort', resolve));
    finish();

    assert.equal(await response.text(), 'first last');
    assert.deepEqual(timeouts, [500, 700]);
});

test('a refresh whose body does not end is given up', limit, async (context) => {
    const { client, state, count } = await site(context);
    await client.me();
    shortenTimeouts(context);
    state.hasAccess = false;
    state.others['POST /api/auth/refresh'] = (response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write('{"accessToken":');
    };

    await assert.rejects(client.fetch('/api/people'), Unreachable);

    assert.equal(count('POST /api/auth/refresh'), 2);
    assert.deepEqual(client.user, user);
});

test('a refusal whose body does not end is given up', limit, async (context) => {
    const { client, state } = await site(context);
    shortenTimeouts(context, 100);
    state.others['GET /api/people'] = (response) => {
        response.writeHead(403, { 'Content-Type': 'application/json' });
        response.write('{"statusCode":');
    };

    await assert.rejects(client.fetch('/api/people'), Unreachable);
});

const day = 86_400;
const inSeconds = (/** @type {number} */ seconds) => new Date((seconds + 2_000_000) * 1000);
for (const [text, seconds] of /** @type {[string | undefined, number][]} */ ([
    [undefined, 0], ['', 0], ['0', 0], ['7', 7], ['007', 7], ['86400', day], ['86401', day],
    ['2147484', day], ['99999999999999999999', day], ['9'.repeat(400), day],
    ['-5', 0], ['+5', 0], ['1.5', 0], ['1e3', 0], ['0x10', 0], ['5 s', 0], ['7, 8', 0],
    ['soon', 0], ['Infinity', 0], ['2999-01-01', 0], ['GMT', 0], ['Now GMT', 0],
    [inSeconds(90).toUTCString(), 90], [inSeconds(-90).toUTCString(), 0],
    [inSeconds(1e9).toUTCString(), day],
])) {
    test(`Retry-After: ${text} means ${seconds} seconds`, async () => {
        /** @type {Record<string, string>} */
        const headers = { Date: inSeconds(0).toUTCString() };
        if (text !== undefined) headers['Retry-After'] = text;

        await assert.rejects(
            answer(new Response('{}', { status: 429, headers })), { retryAfter: seconds });
    });
}

test('a date in Retry-After is compared with the own clock if there is no other', async () => {
    const headers = { 'Retry-After': new Date(Date.now() + 60_000).toUTCString() };

    await assert.rejects(answer(new Response('{}', { status: 503, headers })), (error) => {
        const { retryAfter } = /** @type {{retryAfter: number}} */ (error);
        return retryAfter > 50 && retryAfter <= 61;
    });
});
