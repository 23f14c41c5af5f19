// @ts-check
// Checks the code in README.md and docs/single-page-apps.md with the compiler, and runs it. The
// configurations of development servers are in Tests/EndToEnd/test_development_servers.py.
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

/** The directory with the examples as files: plain JavaScript in js/, for Angular in ng/. */
let directory = '';
/** @type {string[]} */
const names = [];

/** @param {string} name of a file in js/ or ng/ */
const load = (name) => import(pathToFileURL(join(directory, 'out', name)).href);

before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gatehouse-examples-'));
    const out = join(directory, 'out');
    const put = async (/** @type {string} */ name, /** @type {string} */ text) => {
        await writeFile(join(directory, name), text);
        names.push(name);
    };
    for (const folder of ['js', 'ng']) {
        for (const place of [join(directory, folder), join(out, folder)]) {
            await mkdir(place, { recursive: true });
            for (const name of ['gatehouse.js', 'gatehouse.d.ts']) {
                await copyFile(join(root, 'web', name), join(place, name));
            }
        }
    }
    const guide = await readFile(join(root, 'docs/single-page-apps.md'), 'utf8');
    for (const [, text, name] of guide.matchAll(/```[jt]s\n(\/\/ (\S+\.[jt]s)\n[^]*?)```/g)) {
        await put(`${name.endsWith('.ts') ? 'ng' : 'js'}/${name}`, text);
        if (name === 'session.js') await put('ng/session.ts', text);
    }
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const [, ten] = readme.match(/```js\n(import [^]*?)```/) ?? [];
    await put('js/readme.js', `const firstName = 'Ada', lastName = 'King';\n${ten}`);

    const run = await readFile(join(here, 'frameworks/run.mjs'), 'utf8');
    for (const name of ['rxjs', '@angular/core', '@angular/router', 'react']) {
        const place = join(out, 'node_modules', name);
        await mkdir(place, { recursive: true });
        await writeFile(join(place, 'package.json'), '{"type": "module", "exports": "./run.js"}');
        await writeFile(join(place, 'run.js'), run);
    }
    for (const place of [directory, out]) {
        await writeFile(join(place, 'package.json'), '{"type": "module"}');
    }
});

after(() => rm(directory, { recursive: true }));

/** Compiles the examples of a folder. */
const compile = (/** @type {string} */ folder, /** @type {string[]} */ ...options) => tsc(
    ...options, '--strict', '--target', 'es2022', '--outDir', join(directory, 'out', folder),
    join(here, 'frameworks/types.d.ts'), join(here, 'abort-signal.d.ts'),
    ...names.filter((name) => name.startsWith(folder)).map((name) => join(directory, name)));

test('the examples in JavaScript have no type errors', async () => {
    assert.equal(names.filter((name) => name.startsWith('js/')).length, 7, names.join());
    // They do not declare the types of their parameters.
    assert.equal(await compile(
        'js', '--noImplicitAny', 'false', '--allowJs', '--checkJs', '--module', 'node16'), '');
});

test('the examples for Angular compile with the options of ng new', async () => {
    assert.equal(names.filter((name) => name.startsWith('ng/')).length, 5, names.join());
    assert.equal(await compile(
        'ng', '--noImplicitOverride', '--noPropertyAccessFromIndexSignature', '--noImplicitReturns',
        '--noFallthroughCasesInSwitch', '--skipLibCheck', '--isolatedModules', '--importHelpers',
        '--experimentalDecorators', '--esModuleInterop', '--module', 'es2022',
        // "bundler" since Angular 17; TypeScript 4.8 lacks it, and has "node", which it extends.
        '--moduleResolution', 'node'), '');

    // Angular's bundler finds modules without the ending, Node does not.
    for (const name of names.filter((name) => name.startsWith('ng/'))) {
        const path = join(directory, 'out', name.replace(/ts$/, 'js'));
        const text = await readFile(path, 'utf8');
        await writeFile(path, text.replace(/from '(\.\/\w+)';/g, "from '$1.js';"));
    }
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

    await load('js/readme.js');

    assert.equal(count('POST /api/auth/refresh'), 1);
    assert.equal(count('POST /api/people'), 1);
    assert.equal(state.hasSession, true);
    assert.deepEqual(visits, ['/login']);
});

test('the example with fetch refreshes once and sends each request again', async (context) => {
    const { state, count } = await page(context);
    const { api } = await load('js/api.js');
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
        const { [name]: interceptor } = await load(`ng/${file}`);
        const send = (/** @type {string} */ url) => {
            /** @type {{url: string, clone: (change: object) => object}} */
            const request = { url, clone: (change) => ({ ...request, ...change }) };
            return interceptor(request, next).ask();
        };
        state.hasAccess = false;

        const responses = await Promise.all([send('/api/people'), send('/api/people/2')]);
        assert.deepEqual(responses.map((response) => response.status), [200, 200]);
        assert.equal(count('POST /api/auth/refresh'), 1);

        assert.ok(responses.every((response) => response.request.withCredentials));

        state.others['GET /elsewhere'] = (response) => response.writeHead(401).end('{}');
        await assert.rejects(send('/elsewhere'), (/** @type {any} */ error) =>
            error.status === 401 && !error.request.withCredentials);
        assert.equal(count('GET /elsewhere'), 1);
        assert.equal(count('POST /api/auth/refresh'), 1);

        state.hasAccess = state.hasSession = false;
        await assert.rejects(send('/api/people'), { status: 401 });
    });
}

test('the page is hidden in the cache until its user is known again', async (context) => {
    const { state } = await page(context);
    const window = new EventTarget();
    const body = { hidden: false };
    Object.assign(globalThis, { document: { body } });
    const plain = globalThis.addEventListener;
    globalThis.addEventListener = window.addEventListener.bind(window);
    context.after(() => {
        globalThis.addEventListener = plain;
        Reflect.deleteProperty(globalThis, 'document');
    });
    const send = (/** @type {string} */ type, /** @type {boolean} */ persisted) =>
        window.dispatchEvent(Object.assign(new Event(type), { persisted }));
    await load('js/back.js');

    send('pagehide', false);
    assert.equal(body.hidden, false);
    send('pagehide', true);
    assert.equal(body.hidden, true);
    context.mock.timers.enable({ apis: ['setTimeout'] });
    state.outageStatus = 502;
    send('pageshow', true);
    while (state.requests.length === 0) await new Promise((turn) => setImmediate(turn));
    state.outageStatus = 0;
    while (body.hidden) {
        context.mock.timers.tick(2000);
        await new Promise((turn) => setImmediate(turn));
    }
    assert.deepEqual(state.requests, ['GET /api/auth/refresh/status', 'GET /api/auth/refresh/status']);
});

test('the examples follow the session of the user', async (context) => {
    const { state } = await page(context);
    const { gatehouse } = await load('js/session.js');
    const { useUser } = await load('js/useUser.js');
    const { gatehouse: ofAngular } = await load('ng/session.js');
    const { signedIn } = await load('ng/signed-in.guard.js');
    const { people, add } = await load('js/people.js');
    context.after(() => gatehouse.close());

    assert.equal(await signedIn({}, { url: '/people' }), true);
    assert.deepEqual(useUser().value, user);
    assert.deepEqual([await people(), await add({ firstName: 'Ada' })], [[], []]);
    let changes = 0;
    const leave = useUser().subscribe(() => (changes += 1));
    state.hasAccess = state.hasSession = false;
    assert.equal(await gatehouse.me(), null);
    assert.equal(await ofAngular.me(), null);
    assert.deepEqual(
        await signedIn({}, { url: '/people' }),
        { commands: ['/login'], queryParams: { return: '/people' } });
    leave();
    await gatehouse.logIn('john@example.com', 'John@123');
    assert.equal(changes, 1);
});
