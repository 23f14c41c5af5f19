// @ts-check
// Browsers that lack or refuse a convenience, such as Firefox for a site whose cookies are blocked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CookiesBlocked, Gatehouse } from '../../web/gatehouse.js';
import { errorText } from '../../web/request-errors.js';
import { replaceGlobal, site, user } from './site.mjs';

const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
};

/** A channel that can be created, but refuses to send. */
class DeafChannel {
    postMessage = refuse;
    close() {}
}

/** Each is a global object, and what a browser may have in its place. */
const conveniences = /** @type {const} */ ([
    ['BroadcastChannel', 'absent', undefined],
    ['BroadcastChannel', 'refused', class { constructor() { refuse(); } }],
    ['BroadcastChannel', 'silent', DeafChannel],
    ['navigator', 'absent', undefined],
    ['navigator', 'without locks', {}],
    ['navigator', 'with locks whose use throws', { locks: { request: refuse } }],
    ['navigator', 'with locks that refuse', { locks: { request: async () => refuse() } }],
    ['navigator', 'that throws', { get locks() { return refuse(); } }],
    ['navigator', 'whose lock is stolen', {
        locks: {
            /** @type {(name: string, options: object, action: () => unknown) => unknown} */
            request: async (_name, _options, action) => {
                action();
                throw new DOMException('stolen', 'AbortError');
            },
        },
    }],
    ['localStorage', 'absent', undefined],
    ['localStorage', 'that refuses', { getItem: refuse, setItem: refuse }],
]);

for (const [name, how, value] of conveniences) {
    test(`${name} ${how}: the session works`, async (context) => {
        replaceGlobal(context, name, value);
        const { client, state, changes, count } = await site(context);
        state.hasAccess = false;

        const responses = await Promise.all(['/api/people', '/api/people/1'].map(
            (path) => client.fetch(path)));
        assert.deepEqual(responses.map((response) => response.status), [200, 200]);
        assert.equal(count('POST /api/auth/refresh'), 1);
        assert.deepEqual(await client.me(), user);
        await client.logOut();
        assert.deepEqual(await client.logIn('john@example.com', 'John@123'), user);
        client.close();

        assert.deepEqual(changes.map((change) => change.user), [user, null, user]);
    });
}

test('a global whose mere use throws prevents nothing', async (context) => {
    for (const name of ['BroadcastChannel', 'localStorage', 'navigator']) {
        const own = Object.getOwnPropertyDescriptor(globalThis, name);
        Object.defineProperty(globalThis, name, { get: refuse, configurable: true });
        context.after(() => {
            if (own) Object.defineProperty(globalThis, name, own);
            else Reflect.deleteProperty(globalThis, name);
        });
    }
    const { client, state } = await site(context);
    state.hasAccess = false;

    assert.deepEqual(await client.me(), user);
    await client.logOut();
    assert.deepEqual(await client.logIn('john@example.com', 'John@123'), user);
});

test('a client that was closed still logs in and out', async (context) => {
    const { client } = await site(context);
    client.close();
    client.close();

    assert.deepEqual(await client.logIn('john@example.com', 'John@123'), user);
    await client.logOut();

    assert.equal(client.user, null);
});

test('a login without cookies is an error that says what to do', async (context) => {
    const { origin, client, state, changes } = await site(context);
    const other = new Gatehouse({ base: origin });
    context.after(() => other.close());
    state.hasAccess = state.hasSession = state.keepsCookies = false;

    const login = client.logIn('john@example.com', 'John@123');

    await assert.rejects(login, (error) => {
        assert.ok(error instanceof CookiesBlocked && error.name === 'CookiesBlocked');
        assert.match(error.message, /cookies/);
        assert.match(error.message, /https/);
        // The page shows the same words.
        assert.equal(errorText(error), error.message);
        return true;
    });
    assert.equal(client.user, null);
    assert.deepEqual(changes, []);
    assert.equal(other.user, undefined);
});
