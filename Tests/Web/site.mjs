// @ts-check
import { createServer } from 'node:http';
import { Gatehouse } from '../../web/gatehouse.js';

// Browsers have CustomEvent; Node has it since version 19, but Debian 12 ships 18.
globalThis.CustomEvent ??= /** @type {any} */ (class extends Event {
    constructor(/** @type {string} */ type, /** @type {CustomEventInit} */ options = {}) {
        super(type, options);
        this.detail = options.detail;
    }
});

export const user = { username: 'john@example.com', role: 'user' };

/**
 * Starts a server that follows the HTTP contract, and creates a client of it. Tests change `state`
 * between requests.
 *
 * @param {import('node:test').TestContext} context
 */
export async function site(context) {
    const state = {
        hasAccess: true, hasSession: true, refusedWith: 401, refreshStatus: 400,
        /** @type {number} the status of every response, if not 0 */ outageStatus: 0,
        /** the number of refreshes without a response */ lostRefreshes: 0,
        logoutStatus: 200,
        /** false for a browser that keeps no cookies */ keepsCookies: true,
        /** @type {unknown[]} */ bodies: [],
        /** @type {string[]} */ requests: [],
        /**
         * calls that something else than Gatehouse answers
         * @type {Record<string, (response: import('node:http').ServerResponse) => void>}
         */
        others: {},
        /** the call whose responses are held back */ heldCall: '',
        /** @type {(() => void)[]} each sends a held response */ held: [],
    };
    const server = createServer(async (request, response) => {
        const call = `${request.method} ${request.url}`;
        state.requests.push(call);
        const respond = (/** @type {number} */ status, /** @type {unknown} */ body) => {
            response.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': '7' });
            response.end(JSON.stringify(body));
        };
        const refuse = (/** @type {number} */ status, /** @type {string} */ message) =>
            respond(status, { statusCode: status, message });
        let body = '';
        for await (const chunk of request) body += chunk;
        if (state.others[call]) return state.others[call](response);
        state.bodies.push(body && JSON.parse(body));
        if (state.outageStatus) return refuse(state.outageStatus, 'Bad gateway');
        const { hasAccess, hasSession } = state;
        if (call === state.heldCall) {
            await new Promise((release) => state.held.push(() => release(null)));
        }
        if (call === 'POST /api/auth/refresh') {
            if (state.lostRefreshes-- > 0) return;
            if (!state.hasSession) {
                return refuse(state.refreshStatus, 'Refresh token is invalid or expired.');
            }
            state.hasAccess = true;
            return respond(200, {});
        }
        if (call === 'POST /api/auth/login') {
            state.hasAccess = state.hasSession = state.keepsCookies;
            return respond(200, {});
        }
        if (call === 'POST /api/auth/refresh/logout') {
            if (!state.hasSession) return refuse(401, 'Invalid refresh token');
            state.hasAccess = state.hasSession = false;
            return respond(state.logoutStatus, {});
        }
        if (call === 'GET /api/auth/refresh/status') {
            return respond(200, { user: hasAccess ? user : null, canRefresh: hasSession });
        }
        if (!hasAccess) {
            const isMissing = state.refusedWith === 401;
            const message = isMissing ? 'Access token required' : 'Invalid or expired token';
            return refuse(state.refusedWith, message);
        }
        if (call === 'DELETE /api/auth/sessions/8') return refuse(404, 'Session not found');
        if (call === 'POST /api/auth/password') return refuse(429, 'Too many requests');
        if (call === 'DELETE /api/people/1') return refuse(403, 'Insufficient permissions');
        return respond(200, call === 'GET /api/auth/me' ? user : []);
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(null)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const origin = `http://127.0.0.1:${port}`;
    const client = new Gatehouse({ base: origin });
    context.after(() => {
        client.close();
        server.close();
        server.closeAllConnections();
    });
    /** @type {{user: object | null, expired: boolean}[]} */
    const changes = [];
    client.addEventListener('change', (event) =>
        changes.push(/** @type {import('../../web/gatehouse.js').ChangeEvent} */ (event).detail));
    const count = (/** @type {string} */ call) => state.requests.filter((c) => c === call).length;
    const heldResponses = async (/** @type {number} */ number) => {
        while (state.held.length < number) await new Promise((turn) => setImmediate(turn));
    };
    /** Waits until requests that were sent before have reached the server. */
    const roundTrip = async () => {
        await fetch(`${origin}/probe`).then((response) => response.text());
    };
    return { origin, client, state, changes, count, heldResponses, roundTrip };
}

/**
 * Makes timeouts ten times shorter, or by another factor, and returns the list of the requested
 * ones.
 *
 * @param {import('node:test').TestContext} context
 * @param {number} [factor]
 */
export function shortenTimeouts(context, factor = 10) {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    /** @type {number[]} */
    const timeouts = [];
    context.mock.method(AbortSignal, 'timeout', (/** @type {number} */ milliseconds) => {
        timeouts.push(milliseconds);
        return timeout(milliseconds / factor);
    });
    return timeouts;
}

/**
 * Replaces a global of the browser for one test.
 *
 * @param {import('node:test').TestContext} context
 * @param {'navigator' | 'BroadcastChannel' | 'localStorage'} name
 * @param {unknown} value
 */
export function replaceGlobal(context, name, value) {
    const own = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    context.after(() => {
        if (own) Object.defineProperty(globalThis, name, own);
        else Reflect.deleteProperty(globalThis, name);
    });
}
