// @ts-check
import { Retry } from '../away.js';
import { button, element, say } from '../dom.js';
import { reason } from '../form.js';
import { answer, Refusal } from '../gatehouse.js';
import { nextPage } from '../link.js';
import { UserRow } from './user-row.js';

/** The page on which administrators see all accounts, give roles and shut out. */
export default class UsersView extends HTMLElement {
    static title = 'Users';

    #app;
    #heading = element('h1', { tabindex: -1 }, 'Users');
    #count = element('p', { class: 'count', role: 'status' });
    // Spelt out: without bullets it is no list to Safari.
    #list = element('ul', { class: 'entries', role: 'list', 'aria-label': 'Users' });
    #state = element('div', { class: 'state', role: 'status' });
    #more = button('Show more', () => this.#load(true));
    /** @type {string | null} */
    #next = '/api/users?limit=100';
    #isLoading = false;
    #retry = new Retry(() => this.#load());
    #end = new IntersectionObserver(
        ([{ isIntersecting }]) => isIntersecting && this.#load(), { rootMargin: '600px' });

    /** @param {import('../app.js').App} app */
    constructor(app) {
        super();
        this.#app = app;
        this.#more.hidden = true;
        this.append(
            element('div', { class: 'head' }, this.#heading, this.#count),
            element('div', { class: 'panel' }, this.#list, this.#state,
                element('div', { class: 'buttons' }, this.#more)));
    }

    connectedCallback() {
        this.#load();
    }

    disconnectedCallback() {
        this.#retry.stop();
        this.#end.disconnect();
    }

    /** @param {boolean} [isAsked] by the button, which then has the focus */
    async #load(isAsked = false) {
        if (this.#isLoading || !this.#next) return;
        this.#isLoading = true;
        this.#retry.hold();
        this.#end.disconnect();
        this.#more.setAttribute('aria-disabled', 'true');
        if (!this.#list.hasChildNodes() && this.#more.hidden) say(this.#state, 'Loading…');
        try {
            const response = await this.#app.gatehouse.fetch(this.#next);
            /** @type {import('./user-row.js').User[]} */
            const users = await answer(response);
            this.#next = nextPage(response);
            this.#add(users, isAsked);
        } catch (error) {
            if (this.isConnected) this.#fail(error, isAsked);
        } finally {
            this.#isLoading = false;
            this.#more.removeAttribute('aria-disabled');
        }
    }

    /**
     * @param {import('./user-row.js').User[]} users
     * @param {boolean} isAsked
     */
    #add(users, isAsked) {
        const rows = users.map((user) => new UserRow(user, {
            app: this.#app,
            onRemoved: (next) => {
                this.#tell();
                (next?.querySelector('button') ?? this.#heading).focus();
            },
        }));
        this.#list.append(...rows.map((row) => row.node));
        this.#retry.stop();
        say(this.#state);
        this.#more.textContent = 'Show more';
        this.#more.hidden = this.#next === null;
        this.#tell();
        if (isAsked) (rows.find((row) => row.firstAction)?.firstAction ?? this.#heading).focus();
        // Observed anew, it tells also what has not changed: that the end is still in sight.
        if (this.#next && this.isConnected) this.#end.observe(this.#more);
    }

    /**
     * @param {unknown} error
     * @param {boolean} isAsked
     */
    #fail(error, isAsked) {
        const text = reason(error);
        // Said once, not at every attempt, but for whoever has asked.
        if (isAsked || this.#state.textContent !== text) say(this.#state, text);
        this.#more.textContent = 'Try again';
        this.#more.hidden = false;
        this.#retry.after(error);
        // Whoever is no administrator any more is told so by the page.
        if (isForbidden(error)) this.#app.gatehouse.me().catch(() => {});
    }

    #tell() {
        const count = this.#list.childElementCount;
        const text = count === 1 ? '1 account' : `${count} accounts`;
        this.#count.textContent = this.#next ? `The first ${text}` : text;
    }
}

/** @param {unknown} error */
function isForbidden(error) {
    return error instanceof Refusal && error.status === 403;
}

customElements.define('users-view', UsersView);
