// @ts-check
import { element, markWaiting, setMessage } from './dom.js';
import { Field } from './form.js';

/**
 * A search field that searches while the user types. The query is also the parameter `q` of the
 * page's address, so that the user can come back to the results.
 */
export class SearchField {
    #field;
    #onSearch;
    /** Tells screen readers the number of results, after the user stops typing. */
    #results = element('div', { class: 'visually-hidden', role: 'status' });
    /** The query in the page's address. */
    #searched;
    /** @type {number | undefined} */
    #searchTimer;
    /** @type {number | undefined} */
    #resultsTimer;
    /** @type {(() => void) | undefined} */
    #endWaiting;

    /**
     * @param {string} label
     * @param {object} parts
     * @param {URL} parts.url the page's address, which may contain a query already
     * @param {number} parts.maximumLength the maximum length of a query
     * @param {string} parts.placeholder
     * @param {(query: string) => void} parts.onSearch called even if the query has not changed
     */
    constructor(label, { url, maximumLength, placeholder, onSearch }) {
        this.#onSearch = onSearch;
        this.#field = new Field('q', label, {
            type: 'search', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false',
            enterkeyhint: 'search', dir: 'auto', placeholder,
        }, { maximumLength });
        this.#field.value = url.searchParams.get('q') ?? '';
        this.#field.check();
        this.#searched = this.query;
        this.node = element(
            'form', { class: 'search-field', role: 'search' }, this.#field.node, this.#results);
        this.node.addEventListener('submit', (event) => {
            event.preventDefault();
            this.#searchNow();
        });
        this.#field.input.addEventListener('input', () => {
            clearTimeout(this.#searchTimer);
            clearTimeout(this.#resultsTimer);
            this.#searchTimer = window.setTimeout(() => this.#searchNow(), 120);
        });
    }

    /** The text to search for; empty if the text in the field is too long. */
    get query() {
        return this.#field.isTooLong ? '' : this.#field.value.trimStart();
    }

    /**
     * Searches as if the user had typed the query.
     *
     * @param {string} query
     */
    search(query) {
        this.#field.value = query;
        this.focus();
        this.#searchNow();
    }

    focus() {
        this.#field.input.focus();
    }

    /** @param {boolean} isWaiting true while the results of the query are on their way */
    set isWaiting(isWaiting) {
        if (isWaiting === Boolean(this.#endWaiting)) return;
        this.#endWaiting?.();
        this.#endWaiting = isWaiting ? markWaiting(this.node) : undefined;
    }

    /** @param {string} text the number of results; empty if another live region says it */
    setResults(text) {
        clearTimeout(this.#resultsTimer);
        this.#resultsTimer = window.setTimeout(() => setMessage(this.#results, text), 700);
    }

    /** Cancels the search and the message that are scheduled. */
    stop() {
        clearTimeout(this.#searchTimer);
        clearTimeout(this.#resultsTimer);
        this.isWaiting = false;
    }

    #searchNow() {
        clearTimeout(this.#searchTimer);
        this.#field.check();
        // While the query is too long, the previous results stay on the screen.
        if (this.#field.isTooLong) return;
        const { query } = this;
        if (query !== this.#searched) {
            const url = new URL(location.href);
            if (query) url.searchParams.set('q', query);
            else url.searchParams.delete('q');
            history.replaceState(history.state, '', url);
        }
        this.#searched = query;
        this.#onSearch(query);
    }
}
