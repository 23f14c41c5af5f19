// @ts-check
import { CookiesBlocked, Refusal, Unreachable } from './gatehouse.js';

/** Server messages that the app words differently for its users. */
const rewordings = new Map([
    ['Invalid username or password', 'Wrong email or password.'],
    ['Insufficient permissions', 'Only an administrator may do this.'],
    ['Recent sign-in required', 'This needs your password again. Nothing was changed.'],
    ['Validation failed', 'The server does not accept this.'],
    ['You cannot take rights from your own account',
        'You cannot take rights from your own account. Another administrator can.'],
]);

/**
 * Server messages about a field, which the app words differently. Gatehouse keeps the messages of
 * the Express backend that it replaces. Those of joi, the validation library of that backend, name
 * the field by its key in quotes.
 *
 * @type {[RegExp, (field: {label: string, value: string}, limit: string) => string][]}
 */
const fieldRewordings = [
    [/^"\w+" (?:is not allowed to be empty|is required)$/, ({ label }) => `${label} is required`],
    [/ (?:length must be less than or equal to|must not exceed) (\d+) characters/,
        ({ value }, limit) => tooLongText(Number(limit), value.length)],
    [/^Please provide a valid email address$/, () => 'This is not an email address we accept'],
];

/**
 * Returns the message to show for an error in a field.
 *
 * @param {string} text the server's message
 * @param {{name: string, label: string, value: string}} field
 */
export function fieldErrorText(text, field) {
    for (const [pattern, reword] of fieldRewordings) {
        const match = pattern.exec(text);
        if (match) return reword(field, match[1]);
    }
    return text.replace(`"${field.name}"`, field.label);
}

/**
 * @param {number} maximum
 * @param {number} length in UTF-16 code units, which the server counts
 */
export function tooLongText(maximum, length) {
    return `${maximum} characters at most; this has ${length}`;
}

/**
 * Describes an error for the user: what went wrong and what to do about it.
 *
 * @param {unknown} error
 */
export function errorText(error) {
    return problemAndAdvice(error).filter(Boolean).join(' ');
}

/**
 * Describes what went wrong without advice, for places where the app retries on its own.
 *
 * @param {unknown} error
 */
export function errorProblem(error) {
    return problemAndAdvice(error)[0];
}

/**
 * @param {unknown} error
 * @returns {[problem: string, advice: string]}
 */
function problemAndAdvice(error) {
    if (error instanceof Unreachable) {
        if (!navigator.onLine) return ['You are offline.', ''];
        const isBusy = error.status === 503;
        return [
            isBusy ? 'The server is busy.' : 'The server cannot be reached.',
            `Please try again ${waitText(error.retryAfter)}.`,
        ];
    }
    if (error instanceof Refusal && error.status === 429) {
        return ['Too many attempts.', `Please try again ${waitText(error.retryAfter)}.`];
    }
    if (error instanceof Refusal && error.status < 500) {
        return [rewordings.get(error.message) ?? error.message, ''];
    }
    if (error instanceof CookiesBlocked) return [error.message, ''];
    return ['Something went wrong on the server.', 'Please try again.'];
}

/** @param {number} seconds 0 if the server did not say how long to wait */
function waitText(seconds) {
    if (seconds === 0) return 'in a moment';
    if (seconds === 1) return 'in 1 second';
    return seconds < 120 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`;
}

/**
 * Returns the seconds to wait before the next attempt: 1, 2, 4, 8, 16, and from then on 30.
 *
 * @param {number} failures how many attempts in a row have failed, at least 1
 */
export function retryDelay(failures) {
    return Math.min(2 ** (failures - 1), 30);
}

/**
 * Repeats an action until it succeeds. The delay grows with every failure, but the action is
 * repeated immediately when the network is back or the page becomes visible again.
 *
 * A delay that ends while the page is hidden does not start an attempt.
 */
export class Retry {
    #action;
    #failures = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;
    #runNow = () => {
        this.pause();
        this.#action();
    };
    #runIfVisible = () => {
        if (!document.hidden) this.#runNow();
    };

    /** @param {() => void} action must call `schedule` if it fails, and `stop` if it succeeds */
    constructor(action) {
        this.#action = action;
    }

    /**
     * Schedules the next attempt after a failure.
     *
     * @param {unknown} error its `retryAfter`, if any, is the minimum delay in seconds
     */
    schedule(error) {
        this.pause();
        this.#failures += 1;
        const { retryAfter = 0 } = /** @type {{retryAfter?: number}} */ (error ?? {});
        const seconds = Math.max(retryDelay(this.#failures), retryAfter);
        this.#timer = setTimeout(this.#runIfVisible, seconds * 1000);
        addEventListener('online', this.#runNow);
        document.addEventListener('visibilitychange', this.#runIfVisible);
    }

    /** Cancels the scheduled attempt, but keeps the number of failures for the next delay. */
    pause() {
        clearTimeout(this.#timer);
        removeEventListener('online', this.#runNow);
        document.removeEventListener('visibilitychange', this.#runIfVisible);
    }

    /** Cancels the scheduled attempt and starts again with the shortest delay. */
    stop() {
        this.pause();
        this.#failures = 0;
    }
}
