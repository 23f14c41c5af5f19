// @ts-check
import { button, element } from './dom.js';

/**
 * Returns the seconds to wait before the next attempt: 1, 2, 4 … 30.
 *
 * @param {number} failures how many attempts in a row have failed, at least 1
 */
export function retryDelay(failures) {
    return Math.min(2 ** (failures - 1), 30);
}

/**
 * Repeats an action until it succeeds: after a delay that grows with every failure, and immediately
 * when the network is back or the page becomes visible again.
 *
 * A hidden page sends no requests.
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

    /** @param {() => void} action calls `schedule` when it fails, and `stop` when it succeeds */
    constructor(action) {
        this.#action = action;
    }

    /**
     * Schedules the next attempt after a failure.
     *
     * @param {unknown} error its `retryAfter`, if any, is the shortest delay
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

/**
 * The page shown while the server cannot be reached and the page does not know yet who is signed
 * in. It retries on its own.
 */
export class OfflinePage {
    #attempt;
    #onStillOffline;
    #isTrying = false;
    #retry = new Retry(() => this.#try());
    #button = button('Try now', () => this.#press(), { class: 'primary' });

    /** The page's element. */
    node = element(
        'section', { class: 'card', 'aria-labelledby': 'offline' },
        element('h1', { id: 'offline', tabindex: -1 }, 'Not available'),
        element('p', {}, 'This page keeps trying, and opens as soon as the server answers.'),
        this.#button);

    /** @type {URL | undefined} the address the user asked for */
    url;

    /**
     * @param {(url: URL) => Promise<void>} attempt calls `retryAfter` when it fails, else `stop`
     * @param {() => void} onStillOffline called if an attempt fails that the user asked for
     */
    constructor(attempt, onStillOffline) {
        this.#attempt = attempt;
        this.#onStillOffline = onStillOffline;
    }

    /**
     * Schedules another attempt to open an address.
     *
     * @param {URL} url
     * @param {unknown} error why the last attempt failed
     */
    retryAfter(url, error) {
        this.url = url;
        this.#retry.schedule(error);
    }

    /** Stops retrying, because another page is shown. */
    stop() {
        this.#retry.stop();
    }

    async #press() {
        await this.#try();
        if (this.node.isConnected) this.#onStillOffline();
    }

    async #try() {
        if (this.#isTrying || !this.url) return;
        this.#isTrying = true;
        // The property `disabled` would take the focus away.
        this.#button.setAttribute('aria-disabled', 'true');
        this.#retry.pause();
        try {
            await this.#attempt(this.url);
        } finally {
            this.#isTrying = false;
            this.#button.removeAttribute('aria-disabled');
        }
    }
}
