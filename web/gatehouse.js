// @ts-check

/**
 * The user who is signed in, as `GET /api/auth/me` returns it.
 *
 * @typedef {{username: string, role: string}} User
 */

/**
 * A session of the account.
 *
 * The times are ISO 8601; `lastSeen` is accurate to the lifetime of an access token. `address` and
 * `device` (such as "Firefox on Linux") are empty if they are unknown.
 *
 * @typedef {{
 *     id: string, created: string, lastSeen: string,
 *     address: string, device: string, current: boolean,
 * }} Session
 */

/**
 * The event of a changed sign-in state.
 *
 * `expired` is true if the session ended without a logout by this page.
 *
 * @typedef {CustomEvent<{user: User | null, expired: boolean}>} ChangeEvent
 */

/** The server refused the request. */
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
        /** Each rule that the request broke, if the server lists them. */
        this.errors = body && Array.isArray(body.errors) ? body.errors : [];
        /** Seconds to wait before a retry, 0 if the server did not say. */
        this.retryAfter = retryAfter;
    }
}

/** No response from the server: no network, a timeout, or an error page of the proxy. */
export class Unreachable extends Error {
    /** @param {{status?: number, retryAfter?: number, cause?: unknown}} details */
    constructor({ status = 0, retryAfter = 0, cause } = {}) {
        super('The server did not answer', { cause });
        this.name = 'Unreachable';
        /** 502, 503 or 504, or 0 if there was no response at all. */
        this.status = status;
        /** Seconds to wait before a retry, 0 if the server did not say. */
        this.retryAfter = retryAfter;
    }
}

/**
 * Returns the JSON body of a response, null if it is empty.
 *
 * @param {Response} response
 * @returns {Promise<any>}
 * @throws {Refusal} for every status outside 200 to 299
 * @throws {Unreachable} for a success that is not JSON, which did not come from the server
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
 * Returns a `RequestInit` that sends a value as JSON.
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
 * The timeout of a refresh in milliseconds. The cookies of a later response must not be stored,
 * because they could replace newer ones. The server relies on a timeout below half of its refresh
 * window, GATEHOUSE_REFRESH_WINDOW.
 */
const refreshTimeout = 4_500;

/**
 * Sign-in for a single-page app: `signUp`, `logIn`, `logOut`, `me`, `fetch`, and a `change` event;
 * `sessions`, `endSession` and `changePassword` for the account.
 *
 * Tokens are kept in cookies that scripts cannot read; this module never sees one. All methods
 * throw `Refusal` or `Unreachable`, and an `Unreachable` never changes the sign-in state.
 */
export class Gatehouse extends EventTarget {
    #base;
    #timeout;
    /** @type {User | null | undefined} */
    #user;
    /** Counts the cookies received, to tell whether a refused request was sent with the newest. */
    #generation = 0;
    /** Counts the refreshes of other tabs, which share their cookies with this one. */
    #otherRefreshes = 0;
    /** @type {Promise<boolean> | undefined} */
    #refreshing;
    /** @type {BroadcastChannel | undefined} */
    #channel;

    /**
     * @param {object} options
     * @param {string} [options.base] origin of the API, if it is not the page's own
     * @param {number} [options.timeout] milliseconds to wait for a response; the default is 30,000
     */
    constructor({ base = '', timeout = 30_000 } = {}) {
        super();
        this.#base = base;
        this.#timeout = timeout;
        if (typeof BroadcastChannel === 'function') {
            this.#channel = new BroadcastChannel('gatehouse');
            // A message is only a hint from another tab: the server knows who is signed in.
            this.#channel.onmessage = ({ data }) => {
                if (data === 'refresh') this.#otherRefreshes += 1;
                else this.me().catch(() => {});
            };
        }
    }

    /** The user, null if no one is signed in, undefined while this is not known. */
    get user() {
        return this.#user;
    }

    /**
     * Creates an account, but does not sign in to it.
     *
     * @param {string} email
     * @param {string} password
     * @throws {Refusal} 400 with `errors`; 409 if there is an account with this address
     */
    async signUp(email, password) {
        await answer(await this.#send('/api/auth/signup', json('POST', { email, password })));
    }

    /**
     * Starts a session and returns the user.
     *
     * @param {string} username
     * @param {string} password
     * @throws {Refusal} 400 with `errors`; 401 for a wrong user name or password
     */
    async logIn(username, password) {
        // The response to a refresh would replace the new session's cookies if it arrived later.
        await this.#refreshing?.catch(() => {});
        await answer(await this.#send('/api/auth/login', json('POST', { username, password })));
        this.#generation += 1;
        const user = await this.me();
        this.#channel?.postMessage('login');
        return user;
    }

    /**
     * Ends the session. A session that has already ended is not an error.
     *
     * @param {{everywhere?: boolean}} options `everywhere` ends all sessions of the account
     */
    async logOut({ everywhere = false } = {}) {
        const method = 'POST';
        const response = everywhere
            ? await this.fetch('/api/auth/logout?all=true', { method })
            : await this.#endOwnSession();
        if (!(await isTokenRefused(response))) await answer(response);
        this.#setUser(null);
        this.#channel?.postMessage('logout');
    }

    /**
     * Returns the sessions of the account, the latest login first.
     *
     * @returns {Promise<Session[]>}
     */
    async sessions() {
        return answer(await this.fetch('/api/auth/sessions'));
    }

    /**
     * Ends another session of the account. A session that has already ended is not an error.
     *
     * @param {string} id as returned by `sessions`
     */
    async endSession(id) {
        const path = `/api/auth/sessions/${encodeURIComponent(id)}`;
        const response = await this.fetch(path, { method: 'DELETE' });
        if (response.status !== 404) await answer(response);
    }

    /**
     * Changes the password. This session continues, all others of the account end.
     *
     * @param {string} currentPassword
     * @param {string} newPassword
     * @throws {Refusal} 400 with `errors` or for a wrong current password; 429 with `retryAfter`
     */
    async changePassword(currentPassword, newPassword) {
        const change = json('POST', { currentPassword, newPassword });
        await answer(await this.fetch('/api/auth/password', change));
    }

    /**
     * Asks the server who is signed in, and returns the user.
     *
     * @returns {Promise<User | null>}
     */
    async me() {
        const response = await this.fetch('/api/auth/me');
        // 404: the account was deleted while its access token was still valid.
        const isSignedOut = response.status === 404 || (await isTokenRefused(response));
        const user = isSignedOut ? null : await answer(response);
        this.#setUser(user, isSignedOut);
        return user;
    }

    /**
     * Sends a request as the browser's `fetch` does, with the session's cookies. If the access
     * token is refused, it is refreshed once for all requests in flight, and the request is sent
     * again.
     *
     * The body must be one that can be sent twice, such as a string, a Blob or FormData; a stream
     * cannot.
     *
     * @param {string} path
     * @param {RequestInit} [init]
     * @returns {Promise<Response>} also for statuses such as 403 and 404
     * @throws {Unreachable}
     */
    async fetch(path, init = {}) {
        await this.#refreshing?.catch(() => {});
        const generation = this.#generation;
        const otherRefreshes = this.#otherRefreshes;
        let first = await this.#send(path, init);
        if (otherRefreshes !== this.#otherRefreshes && (await isTokenRefused(first))) {
            first = await this.#send(path, init);
        }
        if (!(await isTokenRefused(first))) return first;

        const isStale = generation !== this.#generation;
        if (!isStale && !(await this.#refresh())) return first;
        const second = await this.#send(path, init);
        if (await isTokenRefused(second)) this.#setUser(null, true);
        return second;
    }

    /** Stops listening to other tabs. */
    close() {
        this.#channel?.close();
    }

    async #endOwnSession() {
        // The response to a refresh would bring the ended session's cookies back if it came later.
        await this.#refreshing?.catch(() => {});
        const method = 'POST';
        const response = await this.#send('/api/auth/logout', { method });
        if (!(await isTokenRefused(response))) return response;
        return this.#send('/api/auth/refresh/logout', { method });
    }

    /** Refreshes the access token; false if the session has ended. */
    #refresh() {
        const otherRefreshes = this.#otherRefreshes;
        this.#refreshing ??= withLock(async () => {
            const isDone = otherRefreshes !== this.#otherRefreshes && (await this.#isTokenValid());
            return isDone || this.#requestRefresh();
        }).finally(() => {
            this.#refreshing = undefined;
        });
        return this.#refreshing;
    }

    /** True if the access token is valid; asking costs the server less than a refresh. */
    async #isTokenValid() {
        return !(await isTokenRefused(await this.#send('/api/auth/me', {})));
    }

    async #requestRefresh() {
        const timeout = Math.min(refreshTimeout, this.#timeout);
        const send = () => this.#send('/api/auth/refresh', { method: 'POST' }, timeout);
        const response = await send().catch((error) => {
            // A lost response can be requested again; an error page of the proxy is not a loss.
            if (error.status !== 0) throw error;
            return send();
        });
        if (response.ok) {
            this.#generation += 1;
            this.#channel?.postMessage('refresh');
            return true;
        }
        // Only 400 and 401 mean that the session has ended; 429 or 500 do not.
        if (response.status !== 400 && response.status !== 401) await answer(response);
        this.#setUser(null, true);
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
     * @param {boolean} [endedByServer] false for a logout by this page
     */
    #setUser(user, endedByServer = false) {
        const before = this.#user;
        this.#user = user;
        if (before?.username === user?.username && before?.role === user?.role) return;
        const detail = { user, expired: endedByServer && Boolean(before) };
        this.dispatchEvent(new CustomEvent('change', { detail }));
    }
}

/**
 * Runs an action while no other tab runs it, if the browser has locks.
 *
 * This only saves requests: the server gives the same response to tabs that refresh at the same
 * time. A tab that hangs while it holds the lock must not block the others, so they stop waiting
 * for the lock after five seconds.
 *
 * @template Result
 * @param {() => Promise<Result>} action
 * @returns {Promise<Result>}
 */
async function withLock(action) {
    /** @type {Promise<Result> | undefined} */
    let result;
    try {
        await globalThis.navigator?.locks?.request(
            'gatehouse-refresh', { signal: AbortSignal.timeout(5000) }, () => (result = action()));
    } catch (error) {
        if (result) throw error;
    }
    return result ?? action();
}

/**
 * Returns whether the access token was refused. A 403 can also mean a lack of permission, so its
 * message decides.
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
