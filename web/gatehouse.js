// @ts-check

/**
 * Who is signed in, as `GET /api/auth/me` tells it.
 *
 * @typedef {{username: string, role: string}} User
 */

/**
 * Where the account is signed in.
 *
 * The times are ISO 8601, `lastSeen` is exact to the length of an access token's life. `address`
 * and `device` (such as "Firefox on Linux") are empty where they are unknown.
 *
 * @typedef {{
 *     id: string, created: string, lastSeen: string,
 *     address: string, device: string, current: boolean,
 * }} Session
 */

/**
 * The sign-in state has changed.
 *
 * `expired` is true where the session ended without this page asking for it.
 *
 * @typedef {CustomEvent<{user: User | null, expired: boolean}>} ChangeEvent
 */

/** The server understood and says no. */
export class Refusal extends Error {
    /**
     * @param {number} status
     * @param {{message?: string, errors?: string[]} | null} body
     * @param {number} [retryAfter]
     */
    constructor(status, body, retryAfter = 0) {
        super(body?.message ?? `The server answered ${status}`);
        this.name = 'Refusal';
        this.status = status;
        /** Each broken rule, where the server lists them. */
        this.errors = body && Array.isArray(body.errors) ? body.errors : [];
        /** Seconds to wait, 0 where the server did not say. */
        this.retryAfter = retryAfter;
    }
}

/** No answer from the server: no network, a time-out, or only the proxy's apology. */
export class Unreachable extends Error {
    /** @param {{status?: number, retryAfter?: number, cause?: unknown}} details */
    constructor({ status = 0, retryAfter = 0, cause } = {}) {
        super('The server did not answer', { cause });
        this.name = 'Unreachable';
        /** 502, 503 or 504, or 0 where nothing came back at all. */
        this.status = status;
        /** Seconds to wait, 0 where the server did not say. */
        this.retryAfter = retryAfter;
    }
}

/**
 * The JSON of an answer, null for an empty one.
 *
 * @param {Response} response
 * @returns {Promise<any>}
 * @throws {Refusal} for every status outside 200 to 299
 * @throws {Unreachable} for a success that is not JSON: something else answered
 */
export async function answer(response) {
    if (response.status === 204) return null;
    const body = await response.json().catch(() => undefined);
    if (!response.ok) {
        throw new Refusal(response.status, body ?? null, secondsToWait(response));
    }
    if (body === undefined) throw new Unreachable({ status: response.status });
    return body;
}

/**
 * A `RequestInit` that sends a value as JSON.
 *
 * @param {string} method
 * @param {unknown} value
 * @returns {RequestInit}
 */
export function json(method, value) {
    const headers = { 'Content-Type': 'application/json' };
    return { method, headers, body: JSON.stringify(value) };
}

/**
 * Milliseconds for a refresh. A later answer must not land in the cookie jar, where it could put
 * an older token over a newer one: the server counts on less than half of its window.
 */
const refreshTimeout = 4_500;

/**
 * Sign-in for a single-page app: `signUp`, `logIn`, `logOut`, `me`, `fetch`, and a `change` event;
 * `sessions`, `endSession` and `changePassword` for the account.
 *
 * Tokens live in cookies that scripts cannot read; nothing here ever holds one. All methods throw
 * `Refusal` or `Unreachable`, and an `Unreachable` never changes the sign-in state.
 */
export class Gatehouse extends EventTarget {
    #base;
    #timeout;
    /** @type {User | null | undefined} */
    #user;
    /** Counts the cookies we were given, to tell whether a refused request carried the newest. */
    #generation = 0;
    /** Counts the refreshes of other tabs, whose cookies are ours too. */
    #heard = 0;
    /** @type {Promise<boolean> | undefined} */
    #refreshing;
    /** @type {BroadcastChannel | undefined} */
    #tabs;

    /**
     * @param {object} options
     * @param {string} [options.base] origin of the API, where it is not the page's own
     * @param {number} [options.timeout] milliseconds to wait for an answer, 30 seconds by default
     */
    constructor({ base = '', timeout = 30_000 } = {}) {
        super();
        this.#base = base;
        this.#timeout = timeout;
        if (typeof BroadcastChannel === 'function') {
            this.#tabs = new BroadcastChannel('gatehouse');
            // Another tab's word is only a hint: the server is asked what is true.
            this.#tabs.onmessage = ({ data }) => {
                if (data === 'refresh') this.#heard += 1;
                else this.me().catch(() => {});
            };
        }
    }

    /** The user, null where nobody is signed in, undefined while not known. */
    get user() {
        return this.#user;
    }

    /**
     * Creates an account; it does not sign in.
     *
     * @param {string} email
     * @param {string} password
     * @throws {Refusal} 400 with `errors`, 409 where the address is taken
     */
    async signUp(email, password) {
        await answer(await this.#send('/api/auth/signup', json('POST', { email, password })));
    }

    /**
     * Starts a session and tells who signed in.
     *
     * @param {string} username
     * @param {string} password
     * @throws {Refusal} 400 with `errors`, 401 for a wrong pair
     */
    async logIn(username, password) {
        // A refresh that lands after the login would put the old session's cookies back.
        await this.#refreshing?.catch(() => {});
        await answer(await this.#send('/api/auth/login', json('POST', { username, password })));
        this.#generation += 1;
        const user = await this.me();
        this.#tabs?.postMessage('login');
        return user;
    }

    /**
     * Ends the session; a session that was over already is no error.
     *
     * @param {{everywhere?: boolean}} options everywhere: all sessions of the account end
     */
    async logOut({ everywhere = false } = {}) {
        const method = 'POST';
        const response = everywhere
            ? await this.fetch('/api/auth/logout?all=true', { method })
            : await this.#endThisSession();
        if (!(await isTokenRefused(response))) await answer(response);
        this.#become(null);
        this.#tabs?.postMessage('logout');
    }

    /**
     * Where the account is signed in, the latest login first.
     *
     * @returns {Promise<Session[]>}
     */
    async sessions() {
        return answer(await this.fetch('/api/auth/sessions'));
    }

    /**
     * Ends another session of the account, as `logOut` does this one; one that was over already
     * is no error.
     *
     * @param {string} id as `sessions` lists it
     */
    async endSession(id) {
        const path = `/api/auth/sessions/${encodeURIComponent(id)}`;
        const response = await this.fetch(path, { method: 'DELETE' });
        if (response.status !== 404) await answer(response);
    }

    /**
     * Sets another password; this session goes on, all others of the account end.
     *
     * @param {string} currentPassword
     * @param {string} newPassword
     * @throws {Refusal} 400 with `errors`, or for a wrong current password; 429 with `retryAfter`
     */
    async changePassword(currentPassword, newPassword) {
        const change = json('POST', { currentPassword, newPassword });
        await answer(await this.fetch('/api/auth/password', change));
    }

    /**
     * Asks the server who is signed in.
     *
     * @returns {Promise<User | null>}
     */
    async me() {
        const response = await this.fetch('/api/auth/me');
        // 404: the account was removed while its token still stood.
        const isNobody = response.status === 404 || (await isTokenRefused(response));
        const user = isNobody ? null : await answer(response);
        this.#become(user, isNobody);
        return user;
    }

    /**
     * As the browser's `fetch`, with the session's cookies; a refused access token is refreshed
     * once, for all requests in flight, and the request sent once more.
     *
     * A body must be sendable twice: a string, a Blob, FormData, no stream.
     *
     * @param {string} path
     * @param {RequestInit} [init]
     * @returns {Promise<Response>} also for answers such as 403 and 404
     * @throws {Unreachable}
     */
    async fetch(path, init = {}) {
        await this.#refreshing?.catch(() => {});
        const generation = this.#generation;
        const heard = this.#heard;
        let first = await this.#send(path, init);
        if (heard !== this.#heard && (await isTokenRefused(first))) {
            first = await this.#send(path, init);
        }
        if (!(await isTokenRefused(first))) return first;

        const isStale = generation !== this.#generation;
        if (!isStale && !(await this.#refresh())) return first;
        const second = await this.#send(path, init);
        if (await isTokenRefused(second)) this.#become(null, true);
        return second;
    }

    /** Stops listening to other tabs. */
    close() {
        this.#tabs?.close();
    }

    async #endThisSession() {
        // Cookies of a refresh that lands after the end would be good for nothing, yet stay.
        await this.#refreshing?.catch(() => {});
        const method = 'POST';
        const response = await this.#send('/api/auth/logout', { method });
        if (!(await isTokenRefused(response))) return response;
        return this.#send('/api/auth/refresh/logout', { method });
    }

    /** True where the session goes on, false where it has ended. */
    #refresh() {
        const heard = this.#heard;
        this.#refreshing ??= inTurn(async () => {
            const isDone = heard !== this.#heard && (await this.#isAccepted());
            return isDone || this.#askForRefresh();
        }).finally(() => {
            this.#refreshing = undefined;
        });
        return this.#refreshing;
    }

    /** Whether the access token of now is good: it costs the server less than a new one. */
    async #isAccepted() {
        return !(await isTokenRefused(await this.#send('/api/auth/me', {})));
    }

    async #askForRefresh() {
        const timeout = Math.min(refreshTimeout, this.#timeout);
        const ask = () => this.#send('/api/auth/refresh', { method: 'POST' }, timeout);
        const response = await ask().catch((error) => {
            // A lost answer can be asked for again; the proxy's apology is none.
            if (error.status !== 0) throw error;
            return ask();
        });
        if (response.ok) {
            this.#generation += 1;
            this.#tabs?.postMessage('refresh');
            return true;
        }
        // 429 or 500 say nothing about the session: only these two do.
        if (response.status !== 400 && response.status !== 401) await answer(response);
        this.#become(null, true);
        return false;
    }

    /**
     * @param {string} path
     * @param {RequestInit} init
     * @param {number} [timeout]
     */
    async #send(path, init, timeout = this.#timeout) {
        /** @type {Response} */
        let response;
        try {
            response = await fetch(this.#base + path, {
                credentials: this.#base ? 'include' : 'same-origin',
                signal: AbortSignal.timeout(timeout),
                ...init,
            });
        } catch (cause) {
            if (init.signal?.aborted) throw cause;
            throw new Unreachable({ cause });
        }
        if (response.status < 502 || response.status > 504) return response;
        throw new Unreachable({ status: response.status, retryAfter: secondsToWait(response) });
    }

    /**
     * @param {User | null} user
     * @param {boolean} [isRefused] the server said so, nobody here asked for it
     */
    #become(user, isRefused = false) {
        const before = this.#user;
        this.#user = user;
        if (before?.username === user?.username && before?.role === user?.role) return;
        const detail = { user, expired: isRefused && Boolean(before) };
        this.dispatchEvent(new CustomEvent('change', { detail }));
    }
}

/**
 * Does something while no other tab does it, where the browser can arrange that.
 *
 * Only to save requests: the server gives tabs that refresh at once the same answer. A tab that
 * hangs with the lock must not hang the others: after five seconds they go on without.
 *
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function inTurn(work) {
    /** @type {Promise<Result> | undefined} */
    let result;
    try {
        await globalThis.navigator?.locks?.request(
            'gatehouse-refresh', { signal: AbortSignal.timeout(5000) }, () => (result = work()));
    } catch (error) {
        if (result) throw error;
    }
    return result ?? work();
}

/**
 * Whether the access token was the reason; 403 is also said to those who may not do a thing.
 *
 * @param {Response} response
 */
async function isTokenRefused(response) {
    if (response.status === 401) return true;
    if (response.status !== 403) return false;
    const body = await response.clone().json().catch(() => null);
    return body?.message === 'Invalid or expired token';
}

/** @param {Response} response */
function secondsToWait(response) {
    return Number(response.headers.get('Retry-After')) || 0;
}
