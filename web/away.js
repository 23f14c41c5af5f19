// @ts-check
import { button, element } from './dom.js';
import { Retry } from './retry.js';

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
