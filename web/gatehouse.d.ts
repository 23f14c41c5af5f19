// The types of gatehouse.js. They are the same as those in its comments, and the test
// Tests/Web/types.test.mjs compares them.

/** The user who is signed in, as `GET /api/auth/me` returns it. */
export type User = { username: string, role: string };

/**
 * A session of the account.
 *
 * The times are in the format of ISO 8601. `lastSeen` is accurate to within the lifetime of an
 * access token. `address` and `device` (such as "Firefox on Linux") are empty if they are unknown.
 */
export type Session = {
    id: string, created: string, lastSeen: string,
    address: string, device: string, current: boolean,
};

/**
 * The event that reports a change of the signed-in user.
 *
 * `expired` is true if the session ended without a logout in this tab.
 */
export type ChangeEvent = CustomEvent<{ user: User | null, expired: boolean }>;

/** The error thrown if the server refused the request. */
export class Refusal extends Error {
    constructor(
        status: number, body: { message?: string, errors?: string[] } | null, retryAfter?: number);
    status: number;
    /** Each rule that the request violates, if the server lists them. */
    errors: string[];
    /** Seconds to wait before a retry, 0 if the server did not say. */
    retryAfter: number;
}

/**
 * The error thrown if the server did not answer, because the network failed, the timeout expired,
 * or the proxy sent an error page.
 */
export class Unreachable extends Error {
    constructor(details?: { status?: number, retryAfter?: number, cause?: unknown });
    /** The status of the proxy's response, such as 502, or 0 if there was no response. */
    status: number;
    /** Seconds to wait before a retry, 0 if the server did not say. */
    retryAfter: number;
}

/**
 * The error thrown if a login succeeded, but the browser did not keep the cookies of the session.
 *
 * The user has blocked them, or the page was loaded with http, or it is of another site than the
 * API. WebKit keeps no Secure cookies of http://localhost. The message says what the user can do.
 */
export class CookiesBlocked extends Error {
    constructor();
}

/**
 * Returns the JSON body of a response, or null for a 204, which has no body.
 *
 * @throws {Refusal} for every status outside 200 to 299
 * @throws {Unreachable} for a success without JSON, because it did not come from the server
 */
export function answer(response: Response): Promise<any>;

/** Returns a `RequestInit` that sends a value as JSON. */
export function json(method: string, value: unknown): RequestInit;

/**
 * The sign-in client of a single-page app.
 *
 * Tokens are kept in cookies that scripts cannot read, so this module never sees a token. If a
 * method fails, it throws `Refusal` or `Unreachable`. An `Unreachable` never changes the user.
 */
export class Gatehouse extends EventTarget {
    /**
     * `base` is the origin of the API, if it is not the page's own origin. `timeout` is how many
     * milliseconds to wait for the status and headers of a response, and for the whole of a
     * response from /api/auth; the default is 30,000.
     */
    constructor(options?: { base?: string, timeout?: number });

    /** The signed-in user, null while signed out, or undefined while this is not known yet. */
    get user(): User | null | undefined;

    /**
     * Whether someone was signed in when this browser last knew, or undefined if it never did.
     *
     * It is a hint from localStorage, so that a page for guests need not ask the server at each
     * load. A login by other means than this module is not noticed.
     */
    get wasSignedIn(): boolean | undefined;

    /**
     * Creates an account, but does not sign in to it.
     *
     * @throws {Refusal} 400 with `errors`; 409 if there is an account with this address
     */
    signUp(email: string, password: string): Promise<void>;

    /**
     * Starts a session and returns the user.
     *
     * @throws {Refusal} 400 with `errors`; 401 for a wrong user name or password
     * @throws {CookiesBlocked}
     */
    logIn(username: string, password: string): Promise<User>;

    /**
     * Ends the session. A session that has already ended is not an error.
     *
     * `everywhere` ends all sessions of the account.
     */
    logOut(options?: { everywhere?: boolean }): Promise<void>;

    /** Returns the sessions of the account, the latest login first. */
    sessions(): Promise<Session[]>;

    /**
     * Ends another session of the account. A session that has already ended is not an error.
     *
     * @throws {Refusal} 403 `Recent sign-in required` if this session is older than 10 minutes
     */
    endSession(id: string): Promise<void>;

    /**
     * Changes the password. All sessions of the account end, and a new one begins here.
     *
     * @throws {Refusal} 400 with `errors` or for a wrong current password; 429 with `retryAfter`
     */
    changePassword(currentPassword: string, newPassword: string): Promise<void>;

    /** Asks the server who is signed in, and returns the user. */
    me(): Promise<User | null>;

    /**
     * Sends a request as the browser's `fetch` does, with the session's cookies. If the access
     * token is refused, it is refreshed once for all requests in flight, and the request is sent
     * again. A second refusal is returned, as it has another reason, which only the caller knows.
     *
     * A response is also returned if its status is an error such as 403 or 404.
     *
     * The address is a path of the API, or complete. A request to another origin is sent without
     * the cookies, and is never a reason to refresh.
     *
     * A stream as a body can be sent only once. So the access token is checked before, which costs
     * a request, and a refusal is returned.
     *
     * If `init.signal` is aborted, its reason is thrown at once, also during a refresh, which then
     * continues for the other requests. The client's timeout ends when the headers arrive.
     *
     * @throws {Unreachable}
     */
    fetch(address: string | URL | Request, init?: RequestInit): Promise<Response>;

    /** Stops listening to other tabs. */
    close(): void;

    addEventListener(
        type: 'change', listener: ((event: ChangeEvent) => void) | null,
        options?: boolean | AddEventListenerOptions): void;
    addEventListener(
        type: string, listener: EventListenerOrEventListenerObject | null,
        options?: boolean | AddEventListenerOptions): void;

    removeEventListener(
        type: 'change', listener: ((event: ChangeEvent) => void) | null,
        options?: boolean | EventListenerOptions): void;
    removeEventListener(
        type: string, listener: EventListenerOrEventListenerObject | null,
        options?: boolean | EventListenerOptions): void;
}
