// @ts-check
// Checks the code in README.md and docs/single-page-apps.md with the compiler, and runs it.
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { site, user } from './site.mjs';
import { tsc } from './tsc.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');

/** The directory with the examples as files. */
let directory = '';
/** @type {string[]} */
const names = [];

/** @param {string} name */
const load = (name) => import(pathToFileURL(join(directory, 'out', name)).href);

before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gatehouse-examples-'));
    const put = async (/** @type {string} */ name, /** @type {string} */ text) => {
        await writeFile(join(directory, name), text);
        names.push(name);
    };
    const guide = await readFile(join(root, 'docs/single-page-apps.md'), 'utf8');
    for (const [, text, name] of guide.matchAll(/```[jt]s\n(\/\/ (\S+\.[jt]s)\n[^]*?)```/g)) {
        await put(name, text);
    }
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const [, ten] = readme.match(/```js\n(import [^]*?)```/) ?? [];
    await put('readme.js', `const firstName = 'Ada', lastName = 'King';\n${ten}`);

    await writeFile(join(directory, 'package.json'), '{"type": "module"}');
    for (const name of ['gatehouse.js', 'gatehouse.d.ts']) {
        await copyFile(join(root, 'web', name), join(directory, name));
    }
    const out = join(directory, 'out');
    const run = await readFile(join(here, 'frameworks/run.mjs'), 'utf8');
    for (const name of ['rxjs', '@angular/core', '@angular/router', 'react']) {
        const place = join(out, 'node_modules', name);
        await mkdir(place, { recursive: true });
        await writeFile(join(place, 'package.json'), '{"type": "module", "exports": "./run.js"}');
        await writeFile(join(place, 'run.js'), run);
    }
    await copyFile(join(directory, 'package.json'), join(out, 'package.json'));
    await copyFile(join(directory, 'gatehouse.js'), join(out, 'gatehouse.js'));
});

after(() => rm(directory, { recursive: true }));

test('the examples have no type errors', async () => {
    assert.equal(names.length, 9, names.join());
    assert.equal(await tsc(
        // The examples in plain JavaScript do not declare the types of their parameters.
        '--strict', '--noImplicitAny', 'false', '--allowJs', '--checkJs', '--target', 'es2022',
        '--module', 'node16', '--outDir', join(directory, 'out'),
        join(here, 'frameworks/types.d.ts'), join(here, 'abort-signal.d.ts'),
        ...names.map((name) => join(directory, name))), '');
});

/**
 * Sets up the globals of a page: addresses without a host are those of the test's site.
 *
 * @param {import('node:test').TestContext} context
 */
async function page(context) {
    const { origin, state, count, client } = await site(context);
    const plain = fetch;
    context.mock.method(globalThis, 'fetch',
        (/** @type {string} */ path, /** @type {RequestInit} */ init) =>
            plain(new URL(path, origin), init));
    client.close();
    // The examples never close their channels, which would keep the test's process running.
    const { BroadcastChannel } = globalThis;
    Reflect.deleteProperty(globalThis, 'BroadcastChannel');
    context.after(() => (globalThis.BroadcastChannel = BroadcastChannel));
    return { state, count };
}

test('the ten lines in README go through a whole session', async (context) => {
    const { state, count } = await page(context);
    /** @type {string[]} */
    const visits = [];
    const location = { assign: (/** @type {string} */ path) => visits.push(path) };
    Object.defineProperty(globalThis, 'location', { value: location, configurable: true });
    context.after(() => Reflect.deleteProperty(globalThis, 'location'));
    state.hasAccess = false;

    await load('readme.js');

    assert.equal(count('POST /api/auth/refresh'), 1);
    assert.equal(count('POST /api/people'), 1);
    assert.equal(state.hasSession, true);
    assert.deepEqual(visits, ['/login']);
});

test('the example with fetch refreshes once and sends each request again', async (context) => {
    const { state, count } = await page(context);
    const { api } = await load('api.js');
    state.hasAccess = false;

    const responses = await Promise.all([api('/api/people'), api('/api/people/1')]);
    assert.deepEqual(responses.map((response) => response.status), [200, 200]);
    assert.equal(count('POST /api/auth/refresh'), 1);

    state.hasAccess = state.hasSession = false;
    assert.equal((await api('/api/people')).status, 401);
});

for (const [file, name] of [
    ['with-session.interceptor.js', 'withSession'], ['gatehouse.interceptor.js', 'gatehouse'],
]) {
    test(`the interceptor ${name} refreshes once and sends each request again`, async (context) => {
        const { state, count } = await page(context);
        const { next } = await load('node_modules/rxjs/run.js');
        const { [name]: interceptor } = await load(file);
        const send = (/** @type {string} */ url) => {
            const request = { url, clone: () => request };
            return interceptor(request, next).ask();
        };
        state.hasAccess = false;

        const responses = await Promise.all([send('/api/people'), send('/api/people/2')]);
        assert.deepEqual(responses.map((response) => response.status), [200, 200]);
        assert.equal(count('POST /api/auth/refresh'), 1);

        state.hasAccess = state.hasSession = false;
        await assert.rejects(send('/api/people'), { status: 401 });
    });
}

test('the examples follow the session of the user', async (context) => {
    const { state } = await page(context);
    const { gatehouse } = await load('session.js');
    const { useUser } = await load('useUser.js');
    const { signedIn } = await load('signed-in.guard.js');
    const { people, add } = await load('people.js');
    context.after(() => gatehouse.close());

    assert.equal(await signedIn({}, { url: '/people' }), true);
    assert.deepEqual(useUser().value, user);
    assert.deepEqual([await people(), await add({ firstName: 'Ada' })], [[], []]);
    let changes = 0;
    const leave = useUser().subscribe(() => (changes += 1));
    state.hasAccess = state.hasSession = false;
    assert.equal(await gatehouse.me(), null);
    assert.deepEqual(
        await signedIn({}, { url: '/people' }),
        { commands: ['/login'], queryParams: { return: '/people' } });
    leave();
    await gatehouse.logIn('john@example.com', 'John@123');
    assert.equal(changes, 1);
});
