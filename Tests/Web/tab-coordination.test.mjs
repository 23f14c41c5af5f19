// @ts-check
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Gatehouse, Unreachable } from '../../web/gatehouse.js';
import { replaceGlobal, shortenTimeouts, site, user } from './site.mjs';

/**
 * The browser's locks (https://w3c.github.io/web-locks/) as far as gatehouse.js uses them: one
 * holder at a time, in the order of the requests, and a request can be aborted.
 */
class Locks {
    /** @type {Promise<unknown>} */
    #last;
    /** @type {string[]} the locks that were requested */
    names = [];

    /** @param {Promise<unknown>} held until it is settled, another tab holds the lock */
    constructor(held = Promise.resolve()) {
        this.#last = held;
    }

    /**
     * @param {string} name
     * @param {{signal: AbortSignal}} options
     * @param {() => Promise<unknown>} action
     */
    async request(name, { signal }, action) {
        this.names.push(name);
        const before = this.#last;
        /** @type {(value: unknown) => void} */
        let release = () => {};
        const released = new Promise((resolve) => (release = resolve));
        this.#last = before.then(() => released);
        try {
            await new Promise((resolve, reject) => {
                before.then(resolve);
                signal.addEventListener('abort', () => reject(signal.reason));
            });
            return await action();
        } finally {
            release(null);
        }
    }
}

test('a browser without BroadcastChannel can still log in and out', async (context) => {
    replaceGlobal(context, 'BroadcastChannel', undefined);
    const { client, state, changes } = await site(context);
    state.hasAccess = false;

    assert.deepEqual(await client.me(), user);
    await client.logOut();
    await client.logIn('john@example.com', 'John@123');
    client.close();

    assert.deepEqual(changes.map((change) => change.user), [user, null, user]);
});

for (const [what, navigator] of /** @type {const} */ ([
    ['no navigator', undefined], ['a navigator without locks', {}],
])) {
    test(`a browser with ${what} can still refresh`, async (context) => {
        replaceGlobal(context, 'navigator', navigator);
        const { client, state, count } = await site(context);
        state.hasAccess = false;

        const response = await client.fetch('/api/people');

        assert.equal(response.status, 200);
        assert.equal(count('POST /api/auth/refresh'), 1);
    });
}

test('tabs refresh one after the other if the browser has locks', async (context) => {
    const locks = new Locks();
    replaceGlobal(context, 'navigator', { locks });
    const { origin, client, state, count, heldResponses, roundTrip } = await site(context);
    const other = new Gatehouse({ base: origin });
    context.after(() => other.close());
    state.hasAccess = false;
    state.heldCall = 'POST /api/auth/refresh';

    const responses = [client.fetch('/api/people'), other.fetch('/api/people')];
    await heldResponses(1);
    await roundTrip();
    assert.equal(count('POST /api/auth/refresh'), 1);
    state.heldCall = '';
    state.held.forEach((release) => release());

    const statuses = (await Promise.all(responses)).map((response) => response.status);
    assert.deepEqual(statuses, [200, 200]);
    assert.deepEqual(locks.names, ['gatehouse-refresh', 'gatehouse-refresh']);
});

const withTimeout = { timeout: 10_000 };

/** Sends the message of a tab that has refreshed, and waits until it has arrived. */
async function announceRefresh(/** @type {import('node:test').TestContext} */ context) {
    const [tab, listener] = [new BroadcastChannel('gatehouse'), new BroadcastChannel('gatehouse')];
    context.after(() => [tab, listener].forEach((channel) => channel.close()));
    const received = new Promise((resolve) => (listener.onmessage = resolve));
    tab.postMessage('refresh');
    await received;
    await new Promise((turn) => setImmediate(turn));
}

test('cookies that another tab received are tried before a refresh', async (context) => {
    const { client, state, count, heldResponses } = await site(context);
    state.hasAccess = false;
    state.heldCall = 'GET /api/people';
    const request = client.fetch('/api/people');
    await heldResponses(1);
    state.heldCall = '';
    state.hasAccess = true;
    await announceRefresh(context);
    state.held.forEach((release) => release());

    assert.equal((await request).status, 200);
    assert.equal(count('GET /api/people'), 2);
    assert.equal(count('POST /api/auth/refresh'), 0);
});

test('a false message about new cookies costs a request, not the session', async (context) => {
    const { client, state, count, heldResponses } = await site(context);
    state.hasAccess = false;
    state.heldCall = 'GET /api/people';
    const request = client.fetch('/api/people');
    await heldResponses(1);
    state.heldCall = '';
    await announceRefresh(context);
    state.held.forEach((release) => release());

    assert.equal((await request).status, 200);
    assert.equal(count('GET /api/people'), 3);
    assert.equal(count('POST /api/auth/refresh'), 1);
});

for (const [isTrue, refreshes] of /** @type {const} */ ([[true, 0], [false, 1]])) {
    const outcome = isTrue ? 'are valid' : 'are not valid';
    test(`a tab that waits for the lock checks new cookies, which ${outcome}`, async (context) => {
        let release = () => {};
        const locks = new Locks(new Promise((resolve) => (release = () => resolve(null))));
        replaceGlobal(context, 'navigator', { locks });
        const { client, state, count } = await site(context);
        state.hasAccess = false;
        const request = client.fetch('/api/people');
        while (locks.names.length === 0) await new Promise((turn) => setImmediate(turn));
        state.hasAccess = isTrue;
        await announceRefresh(context);
        release();

        assert.equal((await request).status, 200);
        assert.equal(count('GET /api/auth/me'), 1);
        assert.equal(count('POST /api/auth/refresh'), refreshes);
    });
}

test('a lock that a hanging tab holds is waited for once', withTimeout, async (context) => {
    replaceGlobal(context, 'navigator', { locks: new Locks(new Promise(() => {})) });
    const timeouts = shortenTimeouts(context);
    const { client, state, count } = await site(context);
    state.hasAccess = false;

    const paths = ['/api/people', '/api/people/1', '/api/people/2'];
    const responses = await Promise.all(paths.map((path) => client.fetch(path)));

    assert.deepEqual(responses.map((response) => response.status), [200, 200, 200]);
    assert.equal(count('POST /api/auth/refresh'), 1);
    assert.equal(timeouts.filter((limit) => limit === 5000).length, 1);
});

test('an error under the lock is thrown, and nothing is tried without it', async (context) => {
    replaceGlobal(context, 'navigator', { locks: new Locks() });
    const { client, state, count } = await site(context);
    shortenTimeouts(context);
    await client.me();
    state.hasAccess = false;
    state.lostRefreshes = 2;

    await assert.rejects(client.fetch('/api/people'), Unreachable);

    assert.equal(count('POST /api/auth/refresh'), 2);
    assert.deepEqual(client.user, user);
});

// Without comments and indentation; a minifier would make it smaller still.
test('the module is at most 4 kB without comments, gzipped', async () => {
    const text = await readFile(new URL('../../web/gatehouse.js', import.meta.url), 'utf8');
    const bare = text.replace(/^\s*(\/\*\*[\s\S]*?\*\/|\/\/.*)$/gm, '').replace(/^\s+/gm, '');

    assert.ok(!bare.includes('*/') && bare.includes('export class Gatehouse'), bare);
    const size = gzipSync(bare).length;
    assert.ok(size <= 4096, `${size} bytes`);
    console.log(`web/gatehouse.js: ${size} bytes without comments, gzipped`);
});
