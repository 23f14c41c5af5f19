// Three tabs that share a cookie jar poll the API for the lifetimes of several access tokens.
//
// Arguments: origin, username, password, client, seconds, seed, directory of the client's code.
// Prints the response statuses of all tabs as JSON: {"statuses": {"200": 123}, "refreshes": 4}.
// `statuses` counts what the client's caller sees, after the client's own refresh and retry.
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [origin, username, password, client, seconds, seed, code] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

/** Mulberry32: a small generator that repeats its numbers for the same seed. */
let state = Number(seed);
function random() {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
}

// For the simulated network, and for the interval in which a tab polls.
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A cookie expires Max-Age after it was received (RFC 6265, section 5.3). */
class Jar {
    #cookies = new Map();

    store(fields) {
        for (const field of fields) {
            const [, name, value] = field.match(/^([^=]+)=([^;]*)/);
            const maxAge = Number(field.match(/; Max-Age=(\d+)/)?.[1] ?? 0);
            const path = field.match(/; Path=([^;]+)/)[1];
            this.#cookies.set(name, { value, path, end: Date.now() + maxAge * 1000 });
        }
    }

    field(target) {
        return [...this.#cookies]
            .filter(([, { path, end }]) => target.startsWith(path) && Date.now() < end)
            .map(([name, { value }]) => `${name}=${value}`)
            .join('; ');
    }
}

const jar = new Jar();
const statuses = {};
let refreshes = 0;

function send(method, target, body, cookies = '') {
    return new Promise((resolve, reject) => {
        const headers = { Origin: origin, 'Sec-Fetch-Site': 'same-origin' };
        if (cookies) headers.Cookie = cookies;
        if (body) headers['Content-Type'] = 'application/json';
        const sent = request(origin + target, { method, headers, agent }, (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('end', () => resolve({ response, content: Buffer.concat(chunks) }));
        });
        sent.on('error', reject);
        sent.end(body);
    });
}

/** As in a browser: picks the cookies when it sends, and stores those of the response. */
async function fetchThroughJar(url, { method = 'GET', body, signal } = {}) {
    signal?.throwIfAborted();
    const target = url.startsWith(origin) ? url.slice(origin.length) : url;
    if (target === '/api/auth/refresh') refreshes += 1;
    const flight = random() * 300;
    const there = flight * random();
    const cookies = jar.field(target);
    await pause(there);
    const { response, content } = await send(method, target, body, cookies);
    await pause(flight - there);
    jar.store(response.headers['set-cookie'] ?? []);
    const type = response.headers['content-type'] ?? '';
    return new Response(content.length ? content : null, {
        status: response.statusCode, headers: { 'Content-Type': type },
    });
}

const opened = [];

/** For each client, a factory of the function with which one tab fetches a path. */
const clients = {
    /** Like the tutorial's Angular interceptor: on 401, one refresh for all requests of the tab. */
    async tutorial() {
        let running;
        return async (path) => {
            const response = await fetch(path);
            if (response.status !== 401) return response;
            running ??= fetch('/api/auth/refresh', { method: 'POST' })
                .finally(() => (running = undefined));
            return (await running).ok ? fetch(path) : response;
        };
    },
    async guide(tab) {
        const { api } = await import(pathToFileURL(join(code, `tab${tab}`, 'api.js')).href);
        return (path) => api(path);
    },
    /** A browser without BroadcastChannel; Node has no navigator.locks either. */
    async 'uncoordinated module'(tab) {
        Reflect.deleteProperty(globalThis, 'BroadcastChannel');
        return clients.module(tab);
    },
    async module(tab) {
        const { Gatehouse } = await import(
            pathToFileURL(join(code, `tab${tab}`, 'gatehouse.js')).href);
        const gatehouse = new Gatehouse();
        gatehouse.addEventListener('change', ({ detail: { user } }) => {
            if (!user) throw new Error('the user was logged out');
        });
        opened.push(gatehouse);
        return (path) => gatehouse.fetch(path);
    },
};

const { response } = await send(
    'POST', '/api/auth/login', JSON.stringify({ username, password }));
if (response.statusCode !== 200) throw new Error(`login: ${response.statusCode}`);
jar.store(response.headers['set-cookie']);
globalThis.fetch = fetchThroughJar;

const end = Date.now() + Number(seconds) * 1000;
await Promise.all([1, 2, 3].map(async (tab) => {
    const get = await clients[client](tab);
    const pending = new Set();
    while (Date.now() < end) {
        const poll = get('/api/auth/me')
            .then(({ status }) => (statuses[status] = (statuses[status] ?? 0) + 1))
            .finally(() => pending.delete(poll));
        pending.add(poll);
        await pause(10);
    }
    await Promise.all(pending);
}));
agent.destroy();
opened.forEach((gatehouse) => gatehouse.close());
console.log(JSON.stringify({ statuses, refreshes }));
