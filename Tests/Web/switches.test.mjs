// @ts-check
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Gatehouse, Unreachable } from '../../web/gatehouse.js';
import { hasten, site, user } from './site.mjs';

/**
 * Puts something in the place of what a browser has, for one test.
 *
 * @param {import('node:test').TestContext} context
 * @param {'navigator' | 'BroadcastChannel'} name
 * @param {unknown} value
 */
function switchTo(context, name, value) {
    const own = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    context.after(() => {
        if (own) Object.defineProperty(globalThis, name, own);
        else Reflect.deleteProperty(globalThis, name);
    });
}

/**
 * The browser's locks (https://w3c.github.io/web-locks/), as far as they concern us: one at a
 * time, in turn; who has waited long enough may leave.
 */
class Locks {
    /** @type {Promise<unknown>} */
    #last;
    /** @type {string[]} what was asked for */
    names = [];

    /** @param {Promise<unknown>} held who has the lock at first */
    constructor(held = Promise.resolve()) {
        this.#last = held;
    }

    /**
     * @param {string} name
     * @param {{signal: AbortSignal}} options
     * @param {() => Promise<unknown>} work
     */
    async request(name, { signal }, work) {
        this.names.push(name);
        const before = this.#last;
        /** @type {(value: unknown) => void} */
        let leave = () => {};
        const left = new Promise((resolve) => (leave = resolve));
        this.#last = before.then(() => left);
        try {
            await new Promise((resolve, reject) => {
                before.then(resolve);
                signal.addEventListener('abort', () => reject(signal.reason));
            });
            return await work();
        } finally {
            leave(null);
        }
    }
}

test('a browser without channels between tabs loses nothing else', async (context) => {
    switchTo(context, 'BroadcastChannel', undefined);
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
    test(`a browser with ${what} refreshes all the same`, async (context) => {
        switchTo(context, 'navigator', navigator);
        const { client, state, count } = await site(context);
        state.hasAccess = false;

        const response = await client.fetch('/api/people');

        assert.equal(response.status, 200);
        assert.equal(count('POST /api/auth/refresh'), 1);
    });
}

test('tabs refresh one after the other where there are locks', async (context) => {
    const locks = new Locks();
    switchTo(context, 'navigator', { locks });
    const { origin, client, state, count, heldAnswers, roundTrip } = await site(context);
    const other = new Gatehouse({ base: origin });
    context.after(() => other.close());
    state.hasAccess = false;
    state.holds = 'POST /api/auth/refresh';

    const answers = [client.fetch('/api/people'), other.fetch('/api/people')];
    await heldAnswers(1);
    await roundTrip();
    assert.equal(count('POST /api/auth/refresh'), 1);
    state.holds = '';
    state.held.forEach((release) => release());

    const statuses = (await Promise.all(answers)).map((response) => response.status);
    assert.deepEqual(statuses, [200, 200]);
    assert.deepEqual(locks.names, ['gatehouse-refresh', 'gatehouse-refresh']);
});

const inTime = { timeout: 10_000 };
/** Says what a tab says that has refreshed, and waits until the others have heard it. */
async function tellOfRefresh(/** @type {import('node:test').TestContext} */ context) {
    const [tab, listener] = [new BroadcastChannel('gatehouse'), new BroadcastChannel('gatehouse')];
    context.after(() => [tab, listener].forEach((channel) => channel.close()));
    const heard = new Promise((resolve) => (listener.onmessage = resolve));
    tab.postMessage('refresh');
    await heard;
    await new Promise((turn) => setImmediate(turn));
}

test('cookies that another tab was given are tried before a refresh', async (context) => {
    const { client, state, count, heldAnswers } = await site(context);
    state.hasAccess = false;
    state.holds = 'GET /api/people';
    const asked = client.fetch('/api/people');
    await heldAnswers(1);
    state.holds = '';
    state.hasAccess = true;
    await tellOfRefresh(context);
    state.held.forEach((release) => release());

    assert.equal((await asked).status, 200);
    assert.equal(count('GET /api/people'), 2);
    assert.equal(count('POST /api/auth/refresh'), 0);
});

test('a tab that is wrong about its cookies costs a request, no session', async (context) => {
    const { client, state, count, heldAnswers } = await site(context);
    state.hasAccess = false;
    state.holds = 'GET /api/people';
    const asked = client.fetch('/api/people');
    await heldAnswers(1);
    state.holds = '';
    await tellOfRefresh(context);
    state.held.forEach((release) => release());

    assert.equal((await asked).status, 200);
    assert.equal(count('GET /api/people'), 3);
    assert.equal(count('POST /api/auth/refresh'), 1);
});

for (const [isTrue, refreshes] of /** @type {const} */ ([[true, 0], [false, 1]])) {
    test(`whoever waits for the lock and hears of cookies asks, ${isTrue}`, async (context) => {
        let leave = () => {};
        const locks = new Locks(new Promise((resolve) => (leave = () => resolve(null))));
        switchTo(context, 'navigator', { locks });
        const { client, state, count } = await site(context);
        state.hasAccess = false;
        const asked = client.fetch('/api/people');
        while (locks.names.length === 0) await new Promise((turn) => setImmediate(turn));
        state.hasAccess = isTrue;
        await tellOfRefresh(context);
        leave();

        assert.equal((await asked).status, 200);
        assert.equal(count('GET /api/auth/me'), 1);
        assert.equal(count('POST /api/auth/refresh'), refreshes);
    });
}

test('a lock that a lost tab keeps is waited for once, not for ever', inTime, async (context) => {
    switchTo(context, 'navigator', { locks: new Locks(new Promise(() => {})) });
    const asked = hasten(context);
    const { client, state, count } = await site(context);
    state.hasAccess = false;

    const paths = ['/api/people', '/api/people/1', '/api/people/2'];
    const responses = await Promise.all(paths.map((path) => client.fetch(path)));

    assert.deepEqual(responses.map((response) => response.status), [200, 200, 200]);
    assert.equal(count('POST /api/auth/refresh'), 1);
    assert.equal(asked.filter((limit) => limit === 5000).length, 1);
});

test('what goes wrong under the lock is told, and not tried again without', async (context) => {
    switchTo(context, 'navigator', { locks: new Locks() });
    const { client, state, count } = await site(context);
    hasten(context);
    await client.me();
    state.hasAccess = false;
    state.lostRefreshes = 2;

    await assert.rejects(client.fetch('/api/people'), Unreachable);

    assert.equal(count('POST /api/auth/refresh'), 2);
    assert.deepEqual(client.user, user);
});

// No minifier: without comments and indents it is small enough, and a minifier only makes less.
test('the module is at most 4 kB on its way', async () => {
    const text = await readFile(new URL('../../web/gatehouse.js', import.meta.url), 'utf8');
    const bare = text.replace(/^\s*(\/\*\*[\s\S]*?\*\/|\/\/.*)$/gm, '').replace(/^\s+/gm, '');

    assert.ok(!bare.includes('*/') && bare.includes('export class Gatehouse'), bare);
    const size = gzipSync(bare).length;
    assert.ok(size <= 4096, `${size} bytes`);
    console.log(`web/gatehouse.js: ${size} bytes without comments, gzipped`);
});
