// @ts-check
import { button, element, isolated, setMessage, waitingText } from '../dom.js';
import { errorText } from '../request-errors.js';
import { SearchField } from '../search-field.js';
import { addPersonForm } from './add-person-form.js';
import { PeopleList } from './people-list.js';
import { PeoplePages } from './people-pages.js';
import { displayName } from './person-names.js';

/** @typedef {import('./person-names.js').Person} Person */

/** The maximum length of a query: two names of 30 characters and a space. */
const maximumQueryLength = 61;

/** The page on which users find, add, change and delete people. */
export default class PeopleView extends HTMLElement {
    static title = 'People';

    #app;
    #heading = element('h1', { tabindex: -1 }, 'People');
    #count = element('p', { class: 'count' });
    #added = element('div', { class: 'added', role: 'status' });
    #search;
    #state = element('div', { class: 'state', role: 'status' });
    #list;
    /** @type {PeoplePages} */
    #pages;
    /**
     * The pages that the list shows. While the first page of a new query is being loaded, these
     * are the pages of the previous query.
     *
     * @type {PeoplePages | undefined}
     */
    #listed;
    /** The number of people on the pages that are not loaded yet, null if that is not known. */
    #beyond = /** @type {number | null} */ (null);
    #isLoading = false;
    #more = button('Show more', () => this.#load(true));
    #moreState = element('div', { class: 'state', role: 'status' });
    #end = element('div', { class: 'end' }, this.#moreState, this.#more);
    #retry = () => this.#load();

    /** Loads the next page when the end of the list comes near the screen. */
    #endObserver = new IntersectionObserver((entries) => {
        const hasFailed = this.#moreState.hasChildNodes();
        if (entries.at(-1)?.isIntersecting && !hasFailed) this.#load();
    }, { rootMargin: '0px 0px 150% 0px' });

    /**
     * @param {import('../app.js').App} app
     * @param {URL} url
     */
    constructor(app, url) {
        super();
        this.#app = app;
        /** @type {import('./person-names.js').Drafts} */
        const drafts = app.draftsOf('people');
        this.#list = new PeopleList({
            app, drafts,
            onChange: () => this.#showCount(),
            onFocusLost: () => this.#search.focus(),
        });
        this.#search = new SearchField('Find people', {
            url, maximumLength: maximumQueryLength, placeholder: 'Name',
            onSearch: (query) => this.#find(query),
        });
        this.#pages = new PeoplePages(app.gatehouse, this.#search.query);
        const addForm = addPersonForm({
            gatehouse: app.gatehouse, drafts, onAdded: (person) => this.#showAdded(person),
        });
        this.append(
            element('div', { class: 'head' }, this.#heading, this.#count), addForm,
            this.#added, this.#search.node, this.#state, this.#list.node, this.#end);
        this.#list.node.hidden = this.#list.isEmpty;
        this.#end.hidden = true;
    }

    connectedCallback() {
        this.#load();
    }

    disconnectedCallback() {
        removeEventListener('online', this.#retry);
        this.#search.stop();
        this.#pages.stop();
        this.#endObserver.disconnect();
        this.#list.stop();
    }

    /** @param {string} query */
    #find(query) {
        if (query === this.#pages.query) {
            if (this.#listed !== this.#pages) this.#load();
            return;
        }
        this.#pages.stop();
        this.#pages = new PeoplePages(this.#app.gatehouse, query);
        this.#isLoading = false;
        setMessage(this.#added);
        this.#load();
    }

    /**
     * Loads the next page of results. After a new query, this is the first page.
     *
     * @param {boolean} [takesFocus] true if the page's first row takes the focus
     */
    async #load(takesFocus = false) {
        const pages = this.#pages;
        if (this.#isLoading || pages.isComplete) return;
        this.#isLoading = true;
        removeEventListener('online', this.#retry);
        const isFirst = pages !== this.#listed;
        if (isFirst) {
            // The focused button is about to be removed, so the heading takes the focus.
            if (this.#state.contains(document.activeElement)) this.#heading.focus();
            // The previous list stays until the response arrives.
            this.#list.node.setAttribute('aria-busy', 'true');
            if (this.#list.isEmpty) setMessage(this.#state, waitingText());
            this.#search.isWaiting = !this.#list.isEmpty;
        }
        setMessage(this.#moreState);
        this.#more.textContent = 'Loading…';
        try {
            const people = await pages.next();
            if (pages === this.#pages && this.isConnected) this.#show(people, isFirst, takesFocus);
        } catch (error) {
            if (pages === this.#pages && this.isConnected) this.#showError(error, isFirst);
        } finally {
            if (pages === this.#pages) this.#isLoading = this.#search.isWaiting = false;
        }
    }

    /**
     * @param {Person[]} people
     * @param {boolean} isFirst
     * @param {boolean} takesFocus
     */
    #show(people, isFirst, takesFocus) {
        const { query, isComplete } = this.#pages;
        const hadFocus = document.activeElement === this.#more;
        if (isFirst) {
            this.#listed = this.#pages;
            this.#list.node.removeAttribute('aria-busy');
            this.#list.replace(query, people, isComplete);
            if (this.#list.node.getBoundingClientRect().top < 0) this.#list.node.scrollIntoView();
        } else {
            const chunk = this.#list.append(people, isComplete);
            if (takesFocus || (hadFocus && isComplete)) this.#list.focus(chunk);
        }
        const { total } = this.#pages;
        this.#beyond = total === null ? null : Math.max(total - this.#list.count, 0);
        this.#showCount();
        this.#more.textContent = 'Show more';
        this.#end.hidden = isComplete;
        // Restart the observer. Otherwise it would not report an end that stays near the screen.
        this.#endObserver.disconnect();
        if (!isComplete) this.#endObserver.observe(this.#end);
        if (!isFirst) return;
        this.#search.setResults(this.#list.count > 0 ? this.#count.textContent ?? '' : '');
    }

    /**
     * @param {unknown} error
     * @param {boolean} isFirst
     */
    #showError(error, isFirst) {
        addEventListener('online', this.#retry);
        this.#more.textContent = 'Try again';
        if (!isFirst) return setMessage(this.#moreState, errorText(error));
        this.#list.node.removeAttribute('aria-busy');
        const stale = this.#list.isEmpty ? '' : ' The previous list is still shown.';
        setMessage(this.#state, errorText(error) + stale);
        this.#state.append(button('Try again', this.#retry));
        this.#end.hidden = true;
    }

    /** Shows how many people there are or were found, or that there are none. */
    #showCount() {
        if (this.#listed !== this.#pages) return;
        const { query, isComplete } = this.#pages;
        const { count, isEmpty } = this.#list;
        const isExact = isComplete || this.#beyond !== null;
        const known = isComplete ? count : count + (this.#beyond ?? 0);
        const number = known.toLocaleString('en');
        const people = known === 1 ? '1 person' : `${number} people`;
        const listed = isExact ? people : `more than ${number} people`;
        // If a search finds nothing, the count is left empty: the message in `#state` says so, and
        // “0 people” could be read as if the site had no people at all.
        if (!query) this.#count.textContent = listed;
        else this.#count.textContent = count > 0 || !isComplete ? `${listed} found` : '';
        this.#list.node.hidden = isEmpty;
        if (count > 0 || !isComplete) setMessage(this.#state);
        else if (!query) setMessage(this.#state, 'No people yet. Add the first person above.');
        else {
            setMessage(this.#state, element(
                'span', {}, 'No name begins with “', isolated(query), '”.'));
        }
    }

    /**
     * Shows a new person in the list, or a button that searches for the person.
     *
     * @param {Person} person
     */
    #showAdded(person) {
        const name = displayName(person);
        setMessage(this.#added);
        if (this.#list.insert(person)) {
            this.#showCount();
            this.#app.announce(`${name} was added.`);
            return;
        }
        if (this.#beyond !== null) this.#beyond += 1;
        this.#showCount();
        const query = `${person.firstName} ${person.lastName}`;
        setMessage(this.#added, element(
            'span', {}, isolated(query), ' was added to a part of the list that is not shown.'));
        this.#added.append(button(
            'Show', () => this.#search.search(query), { 'aria-label': `Show ${name}` }));
    }
}

customElements.define('people-view', PeopleView);
