// @ts-check
import { button, element } from './dom.js';

/**
 * Seconds to wait before the next attempt: 1, 2, 4 … 30.
 *
 * @param {number} failures how many there were in a row, 1 or more
 */
export function pause(failures) {
    return Math.min(2 ** (failures - 1), 30);
}

/**
 * Does something again until it works: after a pause that grows with every failure, and at once
 * when the network is back or the page is looked at again.
 *
 * A page that nobody looks at asks nothing.
 */
export class Retry {
    #work;
    #failures = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;
    #now = () => {
        this.hold();
        this.#work();
    };
    #whenSeen = () => {
        if (!document.hidden) this.#now();
    };

    /** @param {() => void} work calls `after` when it fails, and `stop` when it works */
    constructor(work) {
        this.#work = work;
    }

    /**
     * It has failed: it is done again later.
     *
     * @param {unknown} error whose `retryAfter` is heeded
     */
    after(error) {
        this.hold();
        this.#failures += 1;
        const { retryAfter = 0 } = /** @type {{retryAfter?: number}} */ (error ?? {});
        const seconds = Math.max(pause(this.#failures), retryAfter);
        this.#timer = setTimeout(this.#whenSeen, seconds * 1000);
        addEventListener('online', this.#now);
        document.addEventListener('visibilitychange', this.#whenSeen);
    }

    /** No further attempt by itself; the next failure counts as one more. */
    hold() {
        clearTimeout(this.#timer);
        removeEventListener('online', this.#now);
        document.removeEventListener('visibilitychange', this.#whenSeen);
    }

    /** It has worked, or is not wanted any more. */
    stop() {
        this.hold();
        this.#failures = 0;
    }
}

/** The page for a server that is away before anybody knows who this is: it tries by itself. */
export class Away {
    #attempt;
    #onStillAway;
    #isTrying = false;
    #retry = new Retry(() => this.#try());
    #button = button('Try now', () => this.#press(), { class: 'primary' });

    /** The page. */
    node = element(
        'section', { class: 'card', 'aria-labelledby': 'away' },
        element('h1', { id: 'away', tabindex: -1 }, 'Not available'),
        element('p', {}, 'This page tries again by itself, and then shows what you came for.'),
        this.#button);

    /** @type {URL | undefined} where one wants to go */
    url;

    /**
     * @param {(url: URL) => Promise<void>} attempt calls `after` when it fails, else `stop`
     * @param {() => void} onStillAway tells whoever has pressed the button
     */
    constructor(attempt, onStillAway) {
        this.#attempt = attempt;
        this.#onStillAway = onStillAway;
    }

    /**
     * It has failed: it is tried again after a while.
     *
     * @param {unknown} error
     */
    after(error) {
        this.#retry.after(error);
    }

    /** Something else is on the screen. */
    stop() {
        this.#retry.stop();
    }

    async #press() {
        await this.#try();
        if (this.node.isConnected) this.#onStillAway();
    }

    async #try() {
        if (this.#isTrying || !this.url) return;
        this.#isTrying = true;
        // Not `disabled`, which would throw the focus away.
        this.#button.setAttribute('aria-disabled', 'true');
        this.#retry.hold();
        try {
            await this.#attempt(this.url);
        } finally {
            this.#isTrying = false;
            this.#button.removeAttribute('aria-disabled');
        }
    }
}
