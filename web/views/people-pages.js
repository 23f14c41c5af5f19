// @ts-check
import { answer } from '../gatehouse.js';
import { nextPage, totalCount } from '../link-header.js';

/** @typedef {import('./person-names.js').Person} Person */

/**
 * The number of people on a page of results. A page fills more than a screen, but loads quickly on
 * a slow connection.
 */
const pageSize = '50';

/** The results of a query, loaded page by page. */
export class PeoplePages {
    #gatehouse;
    /** @type {string | null} the address of the next page, null after the last one */
    #next;
    #request = new AbortController();
    #isStopped = false;
    /**
     * How many people there are in all, according to the page that was loaded last; null if the
     * server did not say.
     *
     * @type {number | null}
     */
    total = null;

    /**
     * @param {import('../gatehouse.js').Gatehouse} gatehouse
     * @param {string} query the beginning of a name; an empty query matches everyone
     */
    constructor(gatehouse, query) {
        this.#gatehouse = gatehouse;
        this.query = query;
        const parameters = new URLSearchParams({ limit: pageSize, ...(query && { q: query }) });
        this.#next = `/api/people?${parameters}`;
    }

    /** True once the last page is loaded. */
    get isComplete() {
        return this.#next === null;
    }

    /**
     * Loads the next page that is not empty.
     *
     * @returns {Promise<Person[]>} empty after the last page
     */
    async next() {
        /** @type {Person[]} */
        let people = [];
        while (this.#next !== null && people.length === 0 && !this.#isStopped) {
            const response = await this.#fetch(this.#next);
            people = await answer(response);
            this.#next = nextPage(response);
            this.total = totalCount(response);
        }
        return people;
    }

    /** Aborts the request that is in flight, because its response is no longer needed. */
    stop() {
        this.#isStopped = true;
        this.#request.abort();
    }

    /** @param {string} path */
    #fetch(path) {
        this.#request = new AbortController();
        return this.#gatehouse.fetch(path, { signal: this.#request.signal });
    }
}
