// @ts-check
// What the module remembers in localStorage: whether someone was signed in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gatehouse } from '../../web/gatehouse.js';
import { replaceGlobal, site, user } from './site.mjs';

/** Replaces localStorage by an empty one, and returns its content. */
function storage(/** @type {import('node:test').TestContext} */ context) {
    /** @type {Map<string, string>} */
    const items = new Map();
    replaceGlobal(context, 'localStorage', {
        getItem: (/** @type {string} */ key) => items.get(key) ?? null,
        setItem: (/** @type {string} */ key, /** @type {string} */ value) => items.set(key, value),
    });
    return items;
}

test('the hint follows the session, and the next page has it', async (context) => {
    storage(context);
    const { origin, client, state } = await site(context);
    const hints = () => {
        const next = new Gatehouse({ base: origin });
        next.close();
        return [client.wasSignedIn, next.wasSignedIn];
    };
    assert.deepEqual(hints(), [undefined, undefined]);

    await client.me();
    assert.deepEqual(hints(), [true, true]);
    state.outageStatus = 502;
    await assert.rejects(client.me());
    assert.deepEqual(hints(), [true, true]);
    state.outageStatus = 0;
    await client.logOut();
    assert.deepEqual(hints(), [false, false]);
    await client.logIn('john@example.com', 'John@123');
    assert.deepEqual(hints(), [true, true]);
    state.hasAccess = state.hasSession = false;
    await client.fetch('/api/people');
    assert.deepEqual(hints(), [false, false]);
});

test('the hint never replaces the question', async (context) => {
    const items = storage(context);
    const { client } = await site(context);
    await client.logOut();
    assert.equal(client.wasSignedIn, false);
    await client.logIn('john@example.com', 'John@123');
    for (const key of items.keys()) items.set(key, 'false');

    assert.deepEqual(await client.me(), user);
    assert.equal(client.wasSignedIn, true);
});

test('the hint is about one API, and holds nothing about the user', async (context) => {
    const items = storage(context);
    const { client } = await site(context);
    await client.me();

    const other = new Gatehouse({ base: 'https://other.example' });
    other.close();

    assert.equal(other.wasSignedIn, undefined);
    assert.deepEqual([...items.values()], ['true']);
    assert.ok(![...items.keys()].join().includes(user.username));
});
