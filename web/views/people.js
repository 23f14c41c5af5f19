// @ts-check
import { button, element, isolated, say } from '../dom.js';
import { Finder, form, sentence } from '../form.js';
import { answer, json, Unreachable } from '../gatehouse.js';
import { PeopleList } from './people-list.js';
import { nameFields, wholeName } from './person-row.js';

/** @typedef {import('./person-row.js').Person} Person */

/**
 * What was typed and not yet sent, so that a session's end in between loses nothing. It belongs to
 * one user and is dropped when that user logs out.
 *
 * @type {import('./person-row.js').Drafts}
 */
const drafts = new Map();
let owner = '';

/** More than a screen shows, and little to wait for on a slow line. */
const pageSize = '50';

/** Longer than two names no question can be. */
const longestQuestion = 61;

/** The page that finds people, and adds, changes and deletes them. */
export default class PeopleView extends HTMLElement {
    static title = 'People';

    #app;
    #heading = element('h1', { tabindex: -1 }, 'People');
    #count = element('p', { class: 'count' });
    #added = element('div', { class: 'added', role: 'status' });
    #finder;
    #state = element('div', { class: 'state', role: 'status' });
    #list;
    /** @type {Pages} */
    #pages;
    /** @type {Pages | undefined} those in the list; others while a new question is on its way */
    #shown;
    #isLoading = false;
    #more = button('Show more', () => this.#load(true));
    #moreState = element('div', { class: 'state', role: 'status' });
    #end = element('div', { class: 'end' }, this.#moreState, this.#more);
    #drop = (/** @type {import('../gatehouse.js').ChangeEvent} */ { detail }) => {
        if (!detail.expired) drafts.clear();
    };
    #again = () => this.#load();

    /** Asks for the next page as the end of the list comes near. */
    #nearEnd = new IntersectionObserver((entries) => {
        const isFailed = this.#moreState.hasChildNodes();
        if (entries.at(-1)?.isIntersecting && !isFailed) this.#load();
    }, { rootMargin: '0px 0px 150% 0px' });

    /**
     * @param {import('../app.js').App} app
     * @param {URL} url
     */
    constructor(app, url) {
        super();
        this.#app = app;
        const username = app.gatehouse.user?.username ?? '';
        if (owner !== username) drafts.clear();
        owner = username;
        this.#list = new PeopleList(emptyTable(), {
            app, drafts,
            onChange: () => this.#tell(),
            onLost: () => this.#finder.focus(),
        });
        this.#finder = new Finder('Find people', {
            url, longest: longestQuestion, placeholder: 'Name',
            find: (question) => this.#find(question),
        });
        this.#pages = new Pages(app.gatehouse, this.#finder.question);
        this.append(
            element('div', { class: 'head' }, this.#heading, this.#count),
            this.#adding(), this.#added, this.#finder.node, this.#state, this.#list.node, this.#end);
        this.#list.node.hidden = this.#list.isEmpty;
        this.#end.hidden = true;
    }

    connectedCallback() {
        this.#app.gatehouse.addEventListener('change', this.#drop);
        this.#load();
    }

    disconnectedCallback() {
        this.#app.gatehouse.removeEventListener('change', this.#drop);
        removeEventListener('online', this.#again);
        this.#finder.stop();
        this.#pages.stop();
        this.#nearEnd.disconnect();
        this.#list.stop();
    }

    /** @param {string} question */
    #find(question) {
        if (question === this.#pages.question) {
            if (this.#shown !== this.#pages) this.#load();
            return;
        }
        this.#pages.stop();
        this.#pages = new Pages(this.#app.gatehouse, question);
        this.#isLoading = false;
        say(this.#added);
        this.#load();
    }

    /**
     * Asks for the next page, the first one at the beginning and after a new question.
     *
     * @param {boolean} [takesFocus] to the first of those who come
     */
    async #load(takesFocus = false) {
        const pages = this.#pages;
        if (this.#isLoading || pages.isLast) return;
        this.#isLoading = true;
        removeEventListener('online', this.#again);
        const isFirst = pages !== this.#shown;
        if (isFirst) {
            // The button that was pressed is about to go.
            if (this.#state.contains(document.activeElement)) this.#heading.focus();
            // What an older answer listed stays until there is a new one.
            this.#list.node.setAttribute('aria-busy', 'true');
            if (this.#list.isEmpty) say(this.#state, 'Loading…');
        }
        say(this.#moreState);
        this.#more.textContent = 'Loading…';
        try {
            const people = await pages.next();
            if (pages === this.#pages && this.isConnected) this.#show(people, isFirst, takesFocus);
        } catch (error) {
            if (pages === this.#pages && this.isConnected) this.#showAway(error, isFirst);
        } finally {
            if (pages === this.#pages) this.#isLoading = false;
        }
    }

    /**
     * @param {Person[]} people
     * @param {boolean} isFirst
     * @param {boolean} takesFocus
     */
    #show(people, isFirst, takesFocus) {
        const { question, isLast } = this.#pages;
        const hadFocus = document.activeElement === this.#more;
        if (isFirst) {
            this.#shown = this.#pages;
            this.#list.node.removeAttribute('aria-busy');
            this.#list.begin(question, people, isLast);
            if (this.#list.node.getBoundingClientRect().top < 0) this.#list.node.scrollIntoView();
        } else {
            const chunk = this.#list.append(people, isLast);
            if (takesFocus || (hadFocus && isLast)) this.#list.focus(chunk);
        }
        this.#tell();
        this.#more.textContent = 'Show more';
        this.#end.hidden = isLast;
        // Seen anew, or an end that is still near would not be noticed.
        this.#nearEnd.disconnect();
        if (!isLast) this.#nearEnd.observe(this.#end);
        if (!isFirst) return;
        this.#finder.tell(this.#list.count > 0 ? this.#count.textContent ?? '' : '');
    }

    /**
     * @param {unknown} error
     * @param {boolean} isFirst
     */
    #showAway(error, isFirst) {
        addEventListener('online', this.#again);
        this.#more.textContent = 'Try again';
        if (!isFirst) return say(this.#moreState, sentence(error));
        this.#list.node.removeAttribute('aria-busy');
        const isStale = !this.#list.isEmpty;
        say(this.#state, sentence(error) + (isStale ? ' The list is still the one before.' : ''));
        this.#state.append(button('Try again', this.#again));
        this.#end.hidden = true;
    }

    #tell() {
        if (this.#shown !== this.#pages) return;
        const { question, isLast } = this.#pages;
        const { count, isEmpty } = this.#list;
        const number = count.toLocaleString('en');
        const people = count === 1 ? '1 person' : `${number} people`;
        this.#count.textContent = isLast ? people : `more than ${number} people`;
        this.#list.node.hidden = isEmpty;
        if (count > 0 || !isLast) say(this.#state);
        else if (!question) say(this.#state, 'Nobody is here yet. Add the first person above.');
        else {
            say(this.#state, element(
                'span', {}, 'Nobody has a name that begins with “', isolated(question), '”.'));
        }
    }

    #adding() {
        const fields = nameFields(drafts.get('new'), (names) => drafts.set('new', names));
        const [first, last] = fields;
        const node = form({
            fields,
            action: 'Add person',
            className: 'adding',
            send: async () => {
                const names = { firstName: first.value, lastName: last.value };
                const path = '/api/people';
                /** @type {Person} */
                const person = await answer(
                    await this.#app.gatehouse.fetch(path, json('POST', names)));
                drafts.delete('new');
                first.value = last.value = '';
                first.input.focus();
                this.#welcome(person);
            },
        });
        node.setAttribute('aria-label', 'Add a person');
        return node;
    }

    /**
     * Shows somebody new where the order wants it, or says how to get there.
     *
     * @param {Person} person
     */
    #welcome(person) {
        const name = wholeName(person);
        say(this.#added);
        if (this.#list.insert(person)) {
            this.#tell();
            this.#app.announce(`${name} was added.`);
            return;
        }
        const { firstName, lastName } = person;
        say(this.#added, element(
            'span', {}, isolated(`${firstName} ${lastName}`),
            ' was added, and stands in a part of the list that is not shown.'));
        this.#added.append(button('Show', () => {
            this.#finder.ask(`${firstName} ${lastName}`);
        }, { 'aria-label': `Show ${name}` }));
    }
}

/** The answer to a question, page after page. */
class Pages {
    #gatehouse;
    /** @type {string | null} */
    #path;
    #leaving = new AbortController();
    #isStopped = false;

    /**
     * @param {import('../gatehouse.js').Gatehouse} gatehouse
     * @param {string} question what the names begin with; empty: everybody
     */
    constructor(gatehouse, question) {
        this.#gatehouse = gatehouse;
        this.question = question;
        const query = new URLSearchParams({ limit: pageSize, ...(question && { q: question }) });
        this.#path = `/api/people?${query}`;
    }

    get isLast() {
        return this.#path === null;
    }

    /**
     * Those on the next page that has any; nobody at the end.
     *
     * @returns {Promise<Person[]>}
     */
    async next() {
        /** @type {Person[]} */
        let people = [];
        while (this.#path !== null && people.length === 0 && !this.#isStopped) {
            const response = await this.#send(this.#path);
            people = await answer(response);
            this.#path = nextPage(response.headers.get('Link'));
        }
        return people;
    }

    /** Gives up on what is under way: nobody wants to know any more. */
    stop() {
        this.#isStopped = true;
        this.#leaving.abort();
    }

    /** @param {string} path */
    async #send(path) {
        const leaving = (this.#leaving = new AbortController());
        // A signal of our own takes the place of the module's, which has the time-out.
        const timeout = setTimeout(() => leaving.abort(new Unreachable()), 30_000);
        try {
            return await this.#gatehouse.fetch(path, { signal: leaving.signal });
        } finally {
            clearTimeout(timeout);
        }
    }
}

/**
 * The target of a Link header with `rel="next"`.
 *
 * @param {string | null} link
 */
function nextPage(link) {
    return /<([^>]*)>; *rel="?next"?/.exec(link ?? '')?.[1] ?? null;
}

/**
 * Roles are spelt out: rows are laid out as a grid, and with its display the table loses, in some
 * browsers, its meaning.
 */
function emptyTable() {
    const heads = ['First name', 'Last name', 'Actions'].map((text) =>
        element('th', { scope: 'col', role: 'columnheader' }, text));
    const row = element('tr', { role: 'row', 'aria-rowindex': 1 }, ...heads);
    return element(
        'table', { role: 'table', 'aria-label': 'People' },
        element('thead', { role: 'rowgroup' }, row));
}

customElements.define('people-view', PeopleView);
