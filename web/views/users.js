// @ts-check
import {
    button, element, isolated, markWaiting, setMessage, waitingText,
} from '../dom.js';
import { answer, Refusal, Unreachable } from '../gatehouse.js';
import { nextPage, totalCount } from '../link-header.js';
import { errorProblem, Retry } from '../request-errors.js';
import { SearchField } from '../search-field.js';
import { UserRow } from './user-row.js';

/** The maximum length of an email address. */
const maximumQueryLength = 100;

/** The page on which administrators find accounts, assign roles and disable accounts. */
export default class UsersView extends HTMLElement {
    static title = 'Users';

    #app;
    #heading = element('h1', { tabindex: -1 }, 'Users');
    #count = element('p', { class: 'count' });
    #search;
    // Safari does not expose a list without bullets as a list unless it has the role.
    #list = element('ul', { class: 'entries', role: 'list', 'aria-label': 'Users' });
    #state = element('div', { class: 'state', role: 'status' });
    #more = button('Show more', () => this.#load(true));
    #query;
    /** @type {string | null} the address of the next page, null after the last one */
    #next;
    /** True until the first page for the current query arrives. */
    #isNewQuery = true;
    /** The number of accounts on the pages that are not loaded yet, null if that is not known. */
    #beyond = /** @type {number | null} */ (null);
    #isLoading = false;
    #request = new AbortController();
    #retry = new Retry(() => this.#load());
    #endObserver = new IntersectionObserver(
        // On a busy machine, several changes arrive at once, and the last one is the latest.
        (changes) => changes.at(-1)?.isIntersecting && this.#load(), { rootMargin: '600px' });

    /**
     * @param {import('../app.js').App} app
     * @param {URL} url
     */
    constructor(app, url) {
        super();
        this.#app = app;
        this.#search = new SearchField('Find users', {
            url, maximumLength: maximumQueryLength, placeholder: 'Email address',
            onSearch: (query) => this.#find(query.trim()),
        });
        this.#query = this.#search.query.trim();
        this.#next = firstPage(this.#query);
        this.#more.hidden = true;
        this.append(
            element('div', { class: 'head' }, this.#heading, this.#count), this.#search.node,
            element('div', { class: 'panel' }, this.#list, this.#state,
                element('div', { class: 'buttons' }, this.#more)));
    }

    connectedCallback() {
        this.#load();
    }

    disconnectedCallback() {
        this.#search.stop();
        this.#request.abort();
        this.#retry.stop();
        this.#endObserver.disconnect();
    }

    /** @param {string} query */
    #find(query) {
        if (query !== this.#query) {
            this.#request.abort();
            this.#isLoading = false;
            this.#retry.stop();
            this.#query = query;
            this.#next = firstPage(query);
            this.#isNewQuery = true;
        }
        if (this.#isNewQuery) this.#load();
    }

    /** @param {boolean} [takesFocus] true if the new rows take the focus from the pressed button */
    async #load(takesFocus = false) {
        if (this.#isLoading || !this.#next) return;
        this.#isLoading = true;
        this.#retry.pause();
        this.#endObserver.disconnect();
        this.#more.setAttribute('aria-disabled', 'true');
        // The previous list stays until the response arrives.
        if (this.#isNewQuery) this.#list.setAttribute('aria-busy', 'true');
        const isEmpty = !this.#list.hasChildNodes() && this.#more.hidden;
        if (isEmpty) setMessage(this.#state, waitingText());
        this.#search.isWaiting = this.#isNewQuery && !isEmpty;
        const endWaiting = markWaiting(this.#more);
        const request = (this.#request = new AbortController());
        // The timeout in gatehouse.js covers only the status and headers of the response. This one
        // also covers the body.
        const timeout = setTimeout(() => request.abort(new Unreachable()), 30_000);
        try {
            const { signal } = request;
            const response = await this.#app.gatehouse.fetch(this.#next, { signal });
            /** @type {import('./user-row.js').User[]} */
            const users = await answer(response);
            if (request === this.#request) this.#show(users, response, takesFocus);
        } catch (error) {
            if (request === this.#request && this.isConnected) this.#fail(error, takesFocus);
        } finally {
            clearTimeout(timeout);
            endWaiting();
            if (request === this.#request) {
                this.#isLoading = this.#search.isWaiting = false;
                this.#more.removeAttribute('aria-disabled');
            }
        }
    }

    /**
     * @param {import('./user-row.js').User[]} users
     * @param {Response} response
     * @param {boolean} takesFocus
     */
    #show(users, response, takesFocus) {
        const rows = users.map((user) => new UserRow(user, {
            app: this.#app,
            onRemoved: (row) => {
                this.#showCount();
                (row?.querySelector('button') ?? this.#heading).focus();
            },
        }));
        this.#next = nextPage(response);
        if (this.#isNewQuery) this.#begin();
        this.#list.append(...rows.map((row) => row.node));
        this.#retry.stop();
        this.#more.textContent = 'Show more';
        this.#more.hidden = this.#next === null;
        const total = totalCount(response);
        this.#beyond = total === null ? null : Math.max(total - this.#list.childElementCount, 0);
        this.#showCount();
        if (takesFocus) (rows.find((row) => row.firstButton)?.firstButton ?? this.#heading).focus();
        // Restart the observer. Otherwise it would not report a button that stays in view.
        if (this.#next && this.isConnected) this.#endObserver.observe(this.#more);
    }

    /** Removes the previous query's list. */
    #begin() {
        this.#isNewQuery = false;
        this.#list.replaceChildren();
        this.#list.removeAttribute('aria-busy');
        const panel = /** @type {Element} */ (this.#list.parentElement);
        if (panel.getBoundingClientRect().top < 0) panel.scrollIntoView();
    }

    /**
     * @param {unknown} error
     * @param {boolean} takesFocus
     */
    #fail(error, takesFocus) {
        const text = errorProblem(error);
        if (this.#isNewQuery) {
            // Empty the list, because the previous rows would look like results of this query.
            this.#list.replaceChildren();
            this.#count.textContent = '';
            this.#search.setResults('');
        }
        // A screen reader need not read out the same problem after every attempt, unless the user
        // pressed the button.
        if (takesFocus || this.#state.textContent !== text) setMessage(this.#state, text);
        this.#more.textContent = 'Try again';
        this.#more.hidden = false;
        this.#retry.schedule(error);
        // The user may no longer be an administrator. If so, this makes the app show another page.
        if (isForbidden(error)) this.#app.gatehouse.me().catch(() => {});
    }

    #showCount() {
        const count = this.#list.childElementCount;
        const known = this.#next ? count + (this.#beyond ?? 0) : count;
        const text = known === 1 ? '1 account' : `${known.toLocaleString('en')} accounts`;
        const listed = this.#next && this.#beyond === null ? `The first ${text}` : text;
        // If a search finds nothing, the count is left empty: the message in `#state` says so, and
        // “0 accounts” could be read as if there were no accounts at all.
        if (!this.#query) this.#count.textContent = listed;
        else this.#count.textContent = count > 0 ? `${listed} found` : '';
        if (count > 0 || !this.#query) setMessage(this.#state);
        else {
            setMessage(this.#state, element(
                'span', {}, 'No account has an address that begins with “',
                isolated(this.#query), '”.'));
        }
        // If no account was found, `#state`, which is a live region, already says so.
        this.#search.setResults(count > 0 ? this.#count.textContent : '');
    }
}

/** @param {string} query the beginning of an address; an empty query matches all accounts */
function firstPage(query) {
    return `/api/users?${new URLSearchParams({ limit: '100', ...(query && { q: query }) })}`;
}

/** @param {unknown} error */
function isForbidden(error) {
    return error instanceof Refusal && error.status === 403;
}

customElements.define('users-view', UsersView);
