// @ts-check

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
