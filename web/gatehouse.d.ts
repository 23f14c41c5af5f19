// The types of gatehouse.js, whose comments say the same; Tests/Web/types.test.mjs holds the two
// against one another.

/** Who is signed in, as `GET /api/auth/me` tells it. */
export type User = { username: string, role: string };

/**
 * Where the account is signed in.
 *
 * The times are ISO 8601, `lastSeen` is exact to the length of an access token's life. `address`
 * and `device` (such as "Firefox on Linux") are empty where they are unknown.
 */
export type Session = {
    id: string, created: string, lastSeen: string,
    address: string, device: string, current: boolean,
};

/**
 * The sign-in state has changed.
 *
 * `expired` is true where the session ended without this page asking for it.
 */
export type ChangeEvent = CustomEvent<{ user: User | null, expired: boolean }>;

/** The server understood and says no. */
export class Refusal extends Error {
    constructor(
        status: number, body: { message?: string, errors?: string[] } | null, retryAfter?: number);
    status: number;
    /** Each broken rule, where the server lists them. */
    errors: string[];
    /** Seconds to wait, 0 where the server did not say. */
    retryAfter: number;
}

/** No answer from the server: no network, a time-out, or only the proxy's apology. */
export class Unreachable extends Error {
    constructor(details?: { status?: number, retryAfter?: number, cause?: unknown });
    /** 502, 503 or 504, or 0 where nothing came back at all. */
    status: number;
    /** Seconds to wait, 0 where the server did not say. */
    retryAfter: number;
}

/**
 * The JSON of an answer, null for an empty one.
 *
 * @throws {Refusal} for every status outside 200 to 299
 * @throws {Unreachable} for a success that is not JSON: something else answered
 */
export function answer(response: Response): Promise<any>;

/** A `RequestInit` that sends a value as JSON. */
export function json(method: string, value: unknown): RequestInit;

/**
 * Sign-in for a single-page app.
 *
 * Tokens live in cookies that scripts cannot read; nothing here ever holds one. All methods throw
 * `Refusal` or `Unreachable`, and an `Unreachable` never changes the sign-in state.
 */
export class Gatehouse extends EventTarget {
    /**
     * `base`: origin of the API, where it is not the page's own. `timeout`: milliseconds to wait
     * for an answer, 30 seconds by default.
     */
    constructor(options?: { base?: string, timeout?: number });

    /** The user, null where nobody is signed in, undefined while not known. */
    get user(): User | null | undefined;

    /**
     * Creates an account; it does not sign in.
     *
     * @throws {Refusal} 400 with `errors`, 409 where the address is taken
     */
    signUp(email: string, password: string): Promise<void>;

    /**
     * Starts a session and tells who signed in.
     *
     * @throws {Refusal} 400 with `errors`, 401 for a wrong pair
     */
    logIn(username: string, password: string): Promise<User | null>;

    /**
     * Ends the session; a session that was over already is no error.
     *
     * `everywhere`: all sessions of the account end.
     */
    logOut(options?: { everywhere?: boolean }): Promise<void>;

    /** Where the account is signed in, the latest login first. */
    sessions(): Promise<Session[]>;

    /**
     * Ends another session of the account, as `logOut` does this one; one that was over already
     * is no error.
     */
    endSession(id: string): Promise<void>;

    /**
     * Sets another password; this session goes on, all others of the account end.
     *
     * @throws {Refusal} 400 with `errors`, or for a wrong current password; 429 with `retryAfter`
     */
    changePassword(currentPassword: string, newPassword: string): Promise<void>;

    /** Asks the server who is signed in. */
    me(): Promise<User | null>;

    /**
     * As the browser's `fetch`, with the session's cookies; a refused access token is refreshed
     * once, for all requests in flight, and the request sent once more.
     *
     * A body must be sendable twice: a string, a Blob, FormData, no stream. Answers such as 403
     * and 404 are returned.
     *
     * @throws {Unreachable}
     */
    fetch(path: string, init?: RequestInit): Promise<Response>;

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
