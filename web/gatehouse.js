// @ts-check

/**
 * The user who is signed in, as `GET /api/auth/me` returns it.
 *
 * @typedef {{username: string, role: string}} User
 */

/**
 * A session of the account.
 *
 * The times are in the format of ISO 8601. `lastSeen` is accurate to within the lifetime of an
 * access token. `address` and `device` (such as "Firefox on Linux") are empty if they are unknown.
 *
 * @typedef {{
 *     id: string, created: string, lastSeen: string,
 *     address: string, device: string, current: boolean,
 * }} Session
 */

/**
 * The event that reports a change of the signed-in user.
 *
 * `expired` is true if the session ended without a logout in this tab.
 *
 * @typedef {CustomEvent<{user: User | null, expired: boolean}>} ChangeEvent
 */

/** The error thrown if the server refused the request. */
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
        /** Each rule that the request violates, if the server lists them. */
        this.errors = body && Array.isArray(body.errors) ? body.errors : [];
        /** Seconds to wait before a retry, 0 if the server did not say. */
        this.retryAfter = retryAfter;
    }
}

/**
 * The error thrown if the server did not answer, because the network failed, the timeout expired,
 * or the proxy sent an error page.
 */
export class Unreachable extends Error {
    /** @param {{status?: number, retryAfter?: number, cause?: unknown}} details */
    constructor({ status = 0, retryAfter = 0, cause } = {}) {
        super('The server did not answer', { cause });
        this.name = 'Unreachable';
        /** The status of the proxy's response, such as 502, or 0 if there was no response. */
        this.status = status;
        /** Seconds to wait before a retry, 0 if the server did not say. */
        this.retryAfter = retryAfter;
    }
}

/**
 * The error thrown if a login succeeded, but the browser did not keep the cookies of the session.
 *
 * The possible causes: the user blocks cookies, the page was loaded with http, or the page and the
 * API belong to different sites. WebKit keeps no Secure cookies of http://localhost.
 */
export class CookiesBlocked extends Error {
    constructor() {
        super('You are not signed in, because the browser did not keep the cookies of this site. '
            + 'Open the page with https://, and allow cookies for it.');
        this.name = 'CookiesBlocked';
    }
}

/**
 * Returns the JSON body of a response, or null for a 204, which has no body.
 *
 * @param {Response} response
 * @returns {Promise<any>}
 * @throws {Refusal} for every status outside 200 to 299
 * @throws {Unreachable} for a successful response without JSON, because Gatehouse did not send it
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
 * The timeout of a refresh in milliseconds. The browser must not store the cookies of a response
 * that arrives later, because these cookies could replace newer ones. The server relies on a
 * timeout of less than half of its refresh window, GATEHOUSE_REFRESH_WINDOW.
 */
const refreshTimeout = 4_500;

const mePath = '/api/auth/me';
/** The path whose response is never an error, so the browser's console shows a guest no error. */
const statusPath = '/api/auth/refresh/status';

/**
 * The sign-in client of a single-page app.
 *
 * It has the methods `signUp`, `logIn`, `logOut`, `me` and `fetch`, and a `change` event. The
 * methods `sessions`, `endSession` and `changePassword` are for an account page.
 *
 * Tokens are kept in cookies that scripts cannot read, so this module never sees a token. If a
 * method fails, it throws `Refusal` or `Unreachable`. An `Unreachable` never changes the user.
 */
export class Gatehouse extends EventTarget {
    #base;
    #timeout;
    #hint;
    /** @type {User | null | undefined} */
    #user;
    /**
     * Counts how often new cookies were received, to determine whether a refused request was sent
     * with the newest cookies.
     */
    #generation = 0;
    /** Counts the refreshes by other tabs, which share their cookies with this tab. */
    #otherRefreshes = 0;
    /** @type {Promise<boolean> | undefined} */
    #refreshing;
    /** The value of `Date.now()` when a request was last refused although its token was new. */
    #refusedAfresh = -Infinity;
    /** @type {BroadcastChannel | undefined} */
    #channel;

    /**
     * @param {object} options
     * @param {string} [options.base] origin of the API, if it is not the page's own origin
     * @param {number} [options.timeout] milliseconds to wait for the status and headers of a
     *     response, and for the whole of a response from /api/auth; the default is 30,000
     */
    constructor({ base = '', timeout = 30_000 } = {}) {
        super();
        this.#base = base;
        this.#timeout = timeout;
        this.#hint = `gatehouse ${base}`;
        try {
            this.#channel = new BroadcastChannel('gatehouse');
            // A message from another tab is only a hint. The server decides who is signed in.
            this.#channel.onmessage = ({ data }) => {
                if (data === 'refresh') this.#otherRefreshes += 1;
                else this.me().catch(() => {});
            };
        } catch {
            // The browser has no BroadcastChannel, or refuses it because the user blocks cookies
            // (Firefox). Without it, a tab learns of a login or logout in another tab only from the
            // server.
        }
    }

    /** The signed-in user, null while signed out, or undefined while this is not known yet. */
    get user() {
        return this.#user;
    }

    /**
     * Whether someone was signed in when this module last learned who the user is, or undefined if
     * this browser has no record of it.
     *
     * The value is a hint from localStorage, so that a page for guests need not ask the server at
     * each load. It does not reflect a login by other means than this module.
     */
    get wasSignedIn() {
        try {
            const hint = localStorage.getItem(this.#hint);
            return hint === null ? undefined : hint === 'true';
        } catch {
            return undefined;
        }
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
     * @returns {Promise<User>}
     * @throws {Refusal} 400 with `errors`; 401 for a wrong user name or password
     * @throws {CookiesBlocked}
     */
    async logIn(username, password) {
        // Wait for a running refresh. Otherwise its response could arrive after the login, and
        // replace the cookies of the new session.
        await this.#refreshing?.catch(() => {});
        const login = json('POST', { username, password });
        await ownAnswer(await this.#send('/api/auth/login', login));
        this.#generation += 1;
        const user = await this.me();
        if (!user) throw new CookiesBlocked();
        this.#announce('login');
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
        await ownAnswer(response);
        this.#setUser(null);
        this.#announce('logout');
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
     * @param {string} id the ID of the session, as returned by `sessions`
     * @throws {Refusal} 403 `Recent sign-in required` if this session is older than 10 minutes
     */
    async endSession(id) {
        const path = `/api/auth/sessions/${encodeURIComponent(id)}`;
        const response = await this.fetch(path, { method: 'DELETE' });
        if (response.status !== 404) await answer(response);
    }

    /**
     * Changes the password. All sessions of the account end, and a new one begins here.
     *
     * @param {string} currentPassword
     * @param {string} newPassword
     * @throws {Refusal} 400 with `errors` or for a wrong current password; 429 with `retryAfter`
     */
    async changePassword(currentPassword, newPassword) {
        const change = json('POST', { currentPassword, newPassword });
        await answer(await this.fetch('/api/auth/password', change));
        // The response sets new cookies. A request that is refused now was sent with older cookies.
        this.#generation += 1;
        this.#announce('refresh');
    }

    /**
     * Asks the server who is signed in, and returns the user.
     *
     * @returns {Promise<User | null>}
     */
    async me() {
        if (!this.#user) {
            const generation = this.#generation;
            const response = await this.#send(statusPath, {});
            // An older version of Gatehouse answers with an error. In that case the request to
            // `mePath` below decides.
            const { user, canRefresh } = (response.ok && (await ownAnswer(response))) || {};
            // The cookies may have been replaced in the meantime, by a login.
            if (generation === this.#generation) {
                if (user || canRefresh === false) {
                    this.#setUser(user);
                    return user;
                }
                if (canRefresh && !(await this.#refresh())) return null;
            }
        }
        const user = await ownAnswer(await this.fetch(mePath));
        this.#setUser(user, user === null);
        return user;
    }

    /**
     * Sends a request as the browser's `fetch` does, with the session's cookies. If the access
     * token is refused, it is refreshed once for all requests in flight, and the request is sent
     * again. A second refusal is returned, because it has another reason, which only the caller
     * knows.
     *
     * The address is a path of the API or a complete URL. A request to another origin is sent
     * without the cookies, and its refusal never causes a refresh.
     *
     * A body that is a stream can be sent only once. So the access token is checked before such a
     * request, which costs an additional request, and a refusal is returned without a retry.
     *
     * If `init.signal` is aborted, its reason is thrown at once, even during a refresh. The refresh
     * then continues for the other requests. The client's timeout no longer applies once the
     * headers have arrived (for exceptions, see the constructor).
     *
     * @param {string | URL | Request} address
     * @param {RequestInit} [init]
     * @returns {Promise<Response>} the response, also if its status is an error such as 403 or 404
     * @throws {Unreachable}
     */
    async fetch(address, init = {}) {
        const request = address instanceof Request ? address : undefined;
        const signal = init.signal ?? request?.signal;
        // Copy the headers, because an iterator can be read only once.
        const headers = init.headers && new Headers(init.headers);
        const send = () => this.#send(request?.clone() ?? address, { ...init, signal, headers });
        if (!this.#isOurs(address)) return send();

        await unlessAborted(this.#refreshing?.catch(() => {}), signal);
        if (init.body instanceof ReadableStream) {
            await unlessAborted(this.me(), signal);
            return send();
        }
        const generation = this.#generation;
        const otherRefreshes = this.#otherRefreshes;
        let first = await send();
        if (otherRefreshes !== this.#otherRefreshes && (await isTokenRefused(first))) {
            first = await send();
        }
        if (!(await isTokenRefused(first))) return first;

        if (generation === this.#generation) {
            if (this.#hasJustRefreshed(address)) return first;
            if (!(await unlessAborted(this.#refresh(), signal))) return first;
        }
        const second = await send();
        if (await isTokenRefused(second)) this.#refusedAfresh = Date.now();
        return second;
    }

    /** Stops listening to other tabs. */
    close() {
        this.#channel?.close();
        this.#channel = undefined;
    }

    /** @param {'login' | 'logout' | 'refresh'} message the message for the other tabs */
    #announce(message) {
        try {
            this.#channel?.postMessage(message);
        } catch {
            // Ignore the failure, because the message is only a hint.
        }
    }

    async #endOwnSession() {
        // Wait for a running refresh. Otherwise its response could arrive after the logout, and
        // bring the ended session's cookies back.
        await this.#refreshing?.catch(() => {});
        const method = 'POST';
        const response = await this.#send('/api/auth/logout', { method });
        if (!(await isTokenRefused(response))) return response;
        return this.#send('/api/auth/refresh/logout', { method });
    }

    /**
     * Returns whether a refresh would be useless, because a request was refused right after the
     * previous refresh. Otherwise an app that polls a path which returns a 401 for another reason
     * would cause a refresh for each request.
     *
     * @param {string | URL | Request} address
     */
    #hasJustRefreshed(address) {
        // `abs`, because the clock may have been set back.
        return address !== mePath && Math.abs(Date.now() - this.#refusedAfresh) < 2000;
    }

    /** Makes sure that the access token is valid; returns false if the session has ended. */
    #refresh() {
        const otherRefreshes = this.#otherRefreshes;
        this.#refreshing ??= withLock(async () => {
            // Another tab may have refreshed during the wait for the lock. And once a request was
            // refused in spite of a refresh, the site has a 401 with another meaning. In both cases
            // first ask the server whether the access token is still valid.
            const isDoubtful = otherRefreshes !== this.#otherRefreshes || this.#refusedAfresh > 0;
            return (isDoubtful && (await this.#isTokenValid())) || this.#requestRefresh();
        }).finally(() => {
            this.#refreshing = undefined;
        });
        return this.#refreshing;
    }

    /** Asks the server whether the access token is valid, which costs less than a refresh. */
    async #isTokenValid() {
        return (await ownAnswer(await this.#send(mePath, {}))) !== null;
    }

    async #requestRefresh() {
        const timeout = Math.min(refreshTimeout, this.#timeout);
        /** @type {RequestInit} */
        const init = { method: 'POST', redirect: 'manual' };
        const send = () => this.#send('/api/auth/refresh', init, timeout);
        const generation = this.#generation;
        const response = await send().catch((error) => {
            // Repeat the request if there was no response, but not if the proxy sent an error page.
            if (error.status !== 0) throw error;
            return send();
        });
        if ((await ownAnswer(response)) === null) {
            // The refused cookies may have been replaced in the meantime, by a login.
            if (generation !== this.#generation) return true;
            this.#setUser(null, true);
            return false;
        }
        this.#generation += 1;
        this.#announce('refresh');
        return true;
    }

    /**
     * Returns whether an address has the API's origin, which is the page's origin by default.
     *
     * @param {string | URL | Request} address
     */
    #isOurs(address) {
        const home = this.#base || globalThis.location?.href;
        return !home || new URL(textOf(address), home).origin === new URL(home).origin;
    }

    /**
     * @param {string | URL | Request} address
     * @param {RequestInit} init
     * @param {number} [timeout]
     */
    async #send(address, init, timeout = this.#timeout) {
        const text = textOf(address);
        const target = /^([a-z][a-z\d+.-]*:|\/\/)/i.test(text) ? address : this.#base + text;
        const { signal } = init;
        signal?.throwIfAborted();
        const own = new AbortController();
        const timer = AbortSignal.timeout(timeout);
        const expire = () => own.abort(timer.reason);
        timer.addEventListener('abort', expire);
        /** @type {Response} */
        let response;
        try {
            response = await fetch(target, {
                ...(this.#base && this.#isOurs(address) && { credentials: 'include' }),
                ...(init.body instanceof ReadableStream && { duplex: 'half' }),
                ...init,
                signal: signal ? either(signal, own) : own.signal,
            });
            // The rest of a long body may arrive after the timeout. But a body that this module
            // reads itself must arrive before the timeout. Otherwise a refresh could keep all other
            // requests waiting.
            if (response.status === 403 || /^[^?#]*\/api\/auth\//.test(text)) {
                await response.clone().arrayBuffer();
            }
        } catch (cause) {
            signal?.throwIfAborted();
            throw new Unreachable({ cause });
        } finally {
            timer.removeEventListener('abort', expire);
        }
        if (response.status < 502 || response.status > 504) return response;
        throw new Unreachable({ status: response.status, retryAfter: secondsToWait(response) });
    }

    /**
     * @param {User | null} user
     * @param {boolean} [endedByServer] false for a logout in this tab
     */
    #setUser(user, endedByServer = false) {
        const before = this.#user;
        this.#user = user;
        try {
            localStorage.setItem(this.#hint, String(Boolean(user)));
        } catch {
            // The browser has no localStorage, or the user blocks it together with cookies.
        }
        if (before?.username === user?.username && before?.role === user?.role) return;
        const detail = { user, expired: endedByServer && Boolean(before) };
        this.dispatchEvent(new CustomEvent('change', { detail }));
    }
}

/**
 * Runs an action while no other tab runs it, if the browser has the Web Locks API.
 *
 * The lock only saves requests, because the server gives the same response to tabs that refresh at
 * the same time. A tab that hangs while it holds the lock must not block the others, so they stop
 * waiting for the lock after five seconds. The browser may also refuse the lock, as it does if the
 * user blocks cookies, or take it away.
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
    } catch {
        // If the action has begun, the promise `result` reports its error.
    }
    return result ?? action();
}

/**
 * Returns whether the access token was refused. A 403 can also mean that the user lacks a
 * permission, so the message in its body decides.
 *
 * @param {Response} response
 */
async function isTokenRefused(response) {
    if (response.status === 401) return true;
    if (response.status !== 403) return false;
    const body = await response.clone().json().catch(() => null);
    return body?.message === 'Invalid or expired token';
}

/** Gatehouse's messages for a session that has ended, and for an account that was deleted. */
const endings = /^(Access token required|Invalid or expired token|User not found)$|refresh ?token/i;

/**
 * Returns the body of one of Gatehouse's own responses, or null if the response says that the
 * session has ended.
 *
 * Only the messages in `endings` end a session. Another server can answer in Gatehouse's place,
 * such as a proxy with a login page of its own, and its 401 or its 200 says nothing about the
 * session.
 *
 * @param {Response} response
 * @returns {Promise<any>}
 * @throws {Refusal | Unreachable}
 */
async function ownAnswer(response) {
    const { ok, status, redirected } = response;
    const body = await response.json().catch(() => null);
    const retryAfter = secondsToWait(response);
    const isOwn = !redirected && Object(body) === body && (ok || body.statusCode === status);
    if (isOwn && ok) return body;
    if (isOwn && status < 429 && endings.test(body.message)) return null;
    if (!isOwn && status < 429) throw new Unreachable({ status, retryAfter });
    throw new Refusal(status, body, retryAfter);
}

/**
 * Returns the seconds to wait according to `Retry-After`, but at most a day, because a timer of
 * more than 24.8 days would end at once. The header may be a date (RFC 9110, section 10.2.3).
 *
 * @param {Response} response
 */
function secondsToWait({ headers }) {
    const text = headers.get('Retry-After') ?? '';
    if (/^\d+$/.test(text)) return Math.min(Number(text), 86_400);
    if (!/^[A-Z].* GMT$/.test(text)) return 0;
    // Use the server's clock, because the client's clock may be wrong.
    const now = Date.parse(headers.get('Date') ?? '') || Date.now();
    const seconds = Math.ceil((Date.parse(text) - now) / 1000);
    return Math.min(Math.max(seconds || 0, 0), 86_400);
}

/** @param {string | URL | Request} address */
function textOf(address) {
    return address instanceof Request ? address.url : String(address);
}

/**
 * Waits for a promise until it is settled or `signal` is aborted. Other callers may wait for the
 * same promise, so it is not cancelled.
 *
 * @template Result
 * @param {Promise<Result> | undefined} promise
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<Result | undefined>}
 */
async function unlessAborted(promise, signal) {
    if (!promise || !signal) return promise;
    /** @type {() => void} */
    let abort = () => {};
    const aborted = new Promise((_, reject) => {
        abort = () => reject(signal.reason);
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort);
    });
    try {
        return await Promise.race([aborted, promise]);
    } finally {
        signal.removeEventListener('abort', abort);
    }
}

/**
 * Returns a signal that is aborted when `signal` or `own` is aborted.
 *
 * Without `AbortSignal.any` (before Chrome 116, Firefox 124 and Safari 17.4) a signal that lives
 * longer than its requests keeps a listener for each request.
 *
 * @param {AbortSignal} signal
 * @param {AbortController} own
 * @returns {AbortSignal}
 */
function either(signal, own) {
    /** @type {any} */
    const signals = AbortSignal;
    if (signals.any) return signals.any([signal, own.signal]);
    signal.addEventListener('abort', () => own.abort(signal.reason), { once: true });
    return own.signal;
}
