// @ts-check
import { button, element, say } from '../dom.js';
import { form, sentence } from '../form.js';
import { answer, json } from '../gatehouse.js';
import { nameFields, PersonRow } from './person-row.js';

/** @typedef {{id: number, firstName: string, lastName: string}} Person */

/**
 * What was typed and not yet sent, by person or 'new', so that a session's end in between loses
 * nothing. It belongs to one user and is dropped when that user logs out.
 *
 * @type {Map<number | 'new', {firstName: string, lastName: string}>}
 */
const drafts = new Map();
let owner = '';

/** The page that lists people, and adds, changes and deletes them. */
export default class PeopleView extends HTMLElement {
    static title = 'People';

    #app;
    #heading = element('h1', { tabindex: -1 }, 'People');
    #count = element('p', { class: 'count' });
    #state = element('div', { class: 'state', role: 'status' });
    #body = element('tbody', { role: 'rowgroup' });
    #table = tableAround(this.#body);
    #drop = (/** @type {import('../gatehouse.js').ChangeEvent} */ { detail }) => {
        if (!detail.expired) drafts.clear();
    };
    #reload = () => this.#load();

    /** @param {import('../app.js').App} app */
    constructor(app) {
        super();
        this.#app = app;
        const username = app.gatehouse.user?.username ?? '';
        if (owner !== username) drafts.clear();
        owner = username;
        this.#table.hidden = true;
        const head = element('div', { class: 'head' }, this.#heading, this.#count);
        this.append(head, this.#adding(), this.#state, this.#table);
    }

    connectedCallback() {
        this.#app.gatehouse.addEventListener('change', this.#drop);
        this.#load();
    }

    disconnectedCallback() {
        this.#app.gatehouse.removeEventListener('change', this.#drop);
        removeEventListener('online', this.#reload);
    }

    async #load() {
        removeEventListener('online', this.#reload);
        say(this.#state, 'Loading…');
        /** @type {Person[]} */
        let people;
        try {
            people = await answer(await this.#app.gatehouse.fetch('/api/people'));
        } catch (error) {
            if (!this.isConnected) return;
            say(this.#state, sentence(error));
            this.#state.append(button('Try again', this.#reload));
            addEventListener('online', this.#reload);
            return;
        }
        this.#body.replaceChildren(...people.map((person) => this.#row(person).node));
        this.#tell();
    }

    /** @param {Person} person */
    #row(person) {
        const onRemoved = (/** @type {HTMLElement | null} */ next) => {
            this.#tell();
            (next?.querySelector('button') ?? this.#heading).focus();
        };
        return new PersonRow(person, { app: this.#app, drafts, onRemoved });
    }

    #tell() {
        const count = this.#body.rows.length;
        this.#count.textContent = count === 1 ? '1 person' : `${count} people`;
        this.#table.hidden = count === 0;
        say(this.#state, count === 0 ? 'Nobody is here yet. Add the first person above.' : '');
    }

    #adding() {
        const fields = nameFields('new', drafts);
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
                this.#body.append(this.#row(person).node);
                this.#tell();
                this.#app.announce(`${person.firstName} ${person.lastName} was added.`);
            },
        });
        node.setAttribute('aria-label', 'Add a person');
        return node;
    }
}

/**
 * Roles are spelt out: as a list on phones the table loses its display, and with it, in some
 * browsers, its meaning.
 *
 * @param {HTMLElement} body
 */
function tableAround(body) {
    const heads = ['First name', 'Last name', 'Actions'].map((text) =>
        element('th', { scope: 'col', role: 'columnheader' }, text));
    return element(
        'table', { role: 'table', 'aria-label': 'People' },
        element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...heads)),
        body);
}

customElements.define('people-view', PeopleView);
