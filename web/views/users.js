// @ts-check
import { Retry } from '../away.js';
import { button, element, isolated, say } from '../dom.js';
import { Finder, reason } from '../form.js';
import { answer, Refusal, Unreachable } from '../gatehouse.js';
import { nextPage } from '../link.js';
import { UserRow } from './user-row.js';

/** As long as an address can be. */
const longestQuestion = 100;

/** The page on which administrators find accounts, give roles and shut out. */
export default class UsersView extends HTMLElement {
    static title = 'Users';

    #app;
    #heading = element('h1', { tabindex: -1 }, 'Users');
    #count = element('p', { class: 'count' });
    #finder;
    // Spelt out: without bullets it is no list to Safari.
    #list = element('ul', { class: 'entries', role: 'list', 'aria-label': 'Users' });
    #state = element('div', { class: 'state', role: 'status' });
    #more = button('Show more', () => this.#load(true));
    #question;
    /** @type {string | null} the page that comes next, null behind the last one */
    #next;
    /** Whether the list is still that of the question before. */
    #isNew = true;
    #isLoading = false;
    #leaving = new AbortController();
    #retry = new Retry(() => this.#load());
    #end = new IntersectionObserver(
        ([{ isIntersecting }]) => isIntersecting && this.#load(), { rootMargin: '600px' });

    /**
     * @param {import('../app.js').App} app
     * @param {URL} url
     */
    constructor(app, url) {
        super();
        this.#app = app;
        this.#finder = new Finder('Find users', {
            url, longest: longestQuestion, placeholder: 'Email address',
            find: (question) => this.#find(question.trim()),
        });
        this.#question = this.#finder.question.trim();
        this.#next = firstPage(this.#question);
        this.#more.hidden = true;
        this.append(
            element('div', { class: 'head' }, this.#heading, this.#count), this.#finder.node,
            element('div', { class: 'panel' }, this.#list, this.#state,
                element('div', { class: 'buttons' }, this.#more)));
    }

    connectedCallback() {
        this.#load();
    }

    disconnectedCallback() {
        this.#finder.stop();
        this.#leaving.abort();
        this.#retry.stop();
        this.#end.disconnect();
    }

    /** @param {string} question */
    #find(question) {
        if (question !== this.#question) {
            this.#leaving.abort();
            this.#isLoading = false;
            this.#retry.stop();
            this.#question = question;
            this.#next = firstPage(question);
            this.#isNew = true;
        }
        if (this.#isNew) this.#load();
    }

    /** @param {boolean} [isAsked] by the button, which then has the focus */
    async #load(isAsked = false) {
        if (this.#isLoading || !this.#next) return;
        this.#isLoading = true;
        this.#retry.hold();
        this.#end.disconnect();
        this.#more.setAttribute('aria-disabled', 'true');
        // What an older answer listed stays until there is a new one.
        if (this.#isNew) this.#list.setAttribute('aria-busy', 'true');
        if (!this.#list.hasChildNodes() && this.#more.hidden) say(this.#state, 'Loading…');
        const leaving = (this.#leaving = new AbortController());
        // A signal of our own takes the place of the module's, which has the time-out.
        const timeout = setTimeout(() => leaving.abort(new Unreachable()), 30_000);
        try {
            const { signal } = leaving;
            const response = await this.#app.gatehouse.fetch(this.#next, { signal });
            /** @type {import('./user-row.js').User[]} */
            const users = await answer(response);
            if (leaving === this.#leaving) this.#show(users, nextPage(response), isAsked);
        } catch (error) {
            if (leaving === this.#leaving && this.isConnected) this.#fail(error, isAsked);
        } finally {
            clearTimeout(timeout);
            if (leaving === this.#leaving) {
                this.#isLoading = false;
                this.#more.removeAttribute('aria-disabled');
            }
        }
    }

    /**
     * @param {import('./user-row.js').User[]} users
     * @param {string | null} next the page behind them
     * @param {boolean} isAsked
     */
    #show(users, next, isAsked) {
        const rows = users.map((user) => new UserRow(user, {
            app: this.#app,
            onRemoved: (row) => {
                this.#tell();
                (row?.querySelector('button') ?? this.#heading).focus();
            },
        }));
        this.#next = next;
        if (this.#isNew) this.#begin();
        this.#list.append(...rows.map((row) => row.node));
        this.#retry.stop();
        this.#more.textContent = 'Show more';
        this.#more.hidden = this.#next === null;
        this.#tell();
        if (isAsked) (rows.find((row) => row.firstAction)?.firstAction ?? this.#heading).focus();
        // Observed anew, it tells also what has not changed: that the end is still in sight.
        if (this.#next && this.isConnected) this.#end.observe(this.#more);
    }

    /** Makes room for the answer to a new question. */
    #begin() {
        this.#isNew = false;
        this.#list.replaceChildren();
        this.#list.removeAttribute('aria-busy');
        const panel = /** @type {Element} */ (this.#list.parentElement);
        if (panel.getBoundingClientRect().top < 0) panel.scrollIntoView();
    }

    /**
     * @param {unknown} error
     * @param {boolean} isAsked
     */
    #fail(error, isAsked) {
        const text = reason(error);
        if (this.#isNew) {
            // It would stand there as the answer.
            this.#list.replaceChildren();
            this.#count.textContent = '';
            this.#finder.tell('');
        }
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
        if (count > 0 || !this.#question) say(this.#state);
        else {
            say(this.#state, element(
                'span', {}, 'No account has an address that begins with “',
                isolated(this.#question), '”.'));
        }
        // The other words are heard already.
        this.#finder.tell(count > 0 ? this.#count.textContent : '');
    }
}

/** @param {string} question empty: all accounts */
function firstPage(question) {
    return `/api/users?${new URLSearchParams({ limit: '100', ...(question && { q: question }) })}`;
}

/** @param {unknown} error */
function isForbidden(error) {
    return error instanceof Refusal && error.status === 403;
}

customElements.define('users-view', UsersView);
