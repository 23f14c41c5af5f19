// @ts-check
import { element } from '../dom.js';
import { positionOf } from './people-order.js';
import { PersonRow } from './person-row.js';
import { UnsavedRows } from './unsaved-rows.js';
import { VirtualRows } from './virtual-rows.js';

/** @typedef {import('./person-names.js').Person} Person */
/** @typedef {import('./row-chunk.js').Entry} Entry */
/** @typedef {import('./row-chunk.js').RowChunk} RowChunk */

/**
 * The table of people: the results of a query and, above them, the rows that were being edited when
 * these results replaced older ones. Those rows stay until they are saved or cancelled.
 */
export class PeopleList {
    #app;
    #drafts;
    #onChange;
    #onFocusLost;
    #query = '';
    #isComplete = false;
    /** @type {Set<number>} the IDs of the people in the results */
    #ids = new Set();
    #unsaved = new UnsavedRows();

    /**
     * The table. Its ARIA roles are explicit, because CSS lays the rows out as a grid, and some
     * browsers do not expose such rows to screen readers as rows of a table.
     */
    node = element(
        'table', { role: 'table', 'aria-label': 'People' }, tableHead(), this.#unsaved.node);

    #results = new VirtualRows(this.node, (entry) => this.#createRow(entry));

    /**
     * @param {object} parts
     * @param {import('../app.js').App} parts.app
     * @param {import('./person-names.js').Drafts} parts.drafts
     * @param {() => void} parts.onChange called when a row was removed, or moved from the top of
     *     the table to its position in the results
     * @param {() => void} parts.onFocusLost called when the row with the focus was removed, and no
     *     other row can take the focus
     */
    constructor({ app, drafts, onChange, onFocusLost }) {
        this.#app = app;
        this.#drafts = drafts;
        this.#onChange = onChange;
        this.#onFocusLost = onFocusLost;
        for (const { original } of drafts.values()) if (original) this.#keepUnsaved(original);
    }

    /** The number of people that match the query and are loaded. */
    get count() {
        const matches = this.#unsaved.people.filter((person) => positionOf(person, this.#query));
        return this.#ids.size + matches.length;
    }

    /** True if there is no row, not even one that is being edited. */
    get isEmpty() {
        return this.#ids.size + this.#unsaved.size === 0;
    }

    /**
     * Replaces the list by the first page of new results.
     *
     * @param {string} query
     * @param {Person[]} people
     * @param {boolean} isComplete true if no page follows
     */
    replace(query, people, isComplete) {
        for (const row of this.#results.rows) {
            if (row.isBeingEdited) this.#keepUnsaved(row.person, row);
        }
        this.#results.clear();
        this.#ids.clear();
        this.#query = query;
        // Show the table before rows are added, because a hidden row has no height to measure.
        this.node.hidden = people.length + this.#unsaved.size === 0;
        this.append(people, isComplete);
    }

    /**
     * Adds a page of results at the end.
     *
     * @param {Person[]} people
     * @param {boolean} isComplete true if no page follows
     * @returns {RowChunk | undefined} the page's first chunk
     */
    append(people, isComplete) {
        this.#isComplete = isComplete;
        const entries = people
            // Skip people who are already listed. A person who is renamed between the requests for
            // two pages can be on both of them.
            .filter(({ id }) => !this.#ids.has(id) && !this.#unsaved.get(id))
            .map((person) => {
                // If the server found the person, but `positionOf` sees no match, the person is
                // placed after all others.
                const last = { rank: 4, key: '', id: person.id };
                return { person, position: positionOf(person, this.#query) ?? last };
            });
        const chunk = this.#results.append(entries);
        for (const { person } of entries) this.#ids.add(person.id);
        this.#numberRows();
        return chunk;
    }

    /**
     * Inserts a person at the right position.
     *
     * @param {Person} person
     * @returns {boolean} false if the person does not match the query, or belongs on a page that is
     *     not loaded
     */
    insert(person) {
        // A page that was loaded while the person was being saved may already contain the person.
        if (this.#ids.has(person.id)) return true;
        const position = positionOf(person, this.#query);
        if (!position) return false;
        if (!this.#results.insert({ person, position }, this.#isComplete)) return false;
        this.#ids.add(person.id);
        this.#numberRows();
        return true;
    }

    /**
     * Moves the focus to the first row of a chunk.
     *
     * @param {RowChunk | undefined} chunk
     */
    focus(chunk) {
        if (!chunk) return this.#onFocusLost();
        this.#results.fill(chunk);
        this.#numberRows();
        chunk.rows?.[0]?.focus();
    }

    /** Stops observing the screen. Must be called when the user leaves the page. */
    stop() {
        this.#results.stop();
    }

    /** Sets the index of each row and the number of all rows, for screen readers. */
    #numberRows() {
        const last = this.#results.number(2 + this.#unsaved.size);
        this.node.setAttribute('aria-rowcount', this.#isComplete ? `${last}` : '-1');
    }

    /** @param {Entry} entry */
    #createRow(entry) {
        const events = {
            onRenamed: (/** @type {Person} */ person) => (entry.person = person),
            onRemoved: () => this.#remove(entry.person.id),
            onEdited: () => {},
        };
        return new PersonRow(entry.person, { app: this.#app, drafts: this.#drafts, events });
    }

    /**
     * Keeps a row at the top of the table until the user saves or cancels.
     *
     * @param {Person} person
     * @param {PersonRow} [row] the person's row, if there is one; it keeps its focus and errors
     */
    #keepUnsaved(person, row) {
        const events = {
            onRenamed: () => {},
            onRemoved: () => this.#endUnsaved(person.id, false),
            onEdited: () => this.#endUnsaved(person.id, true),
        };
        const kept = row ?? new PersonRow(
            person, { app: this.#app, drafts: this.#drafts, events });
        kept.events = events;
        this.#unsaved.add(kept);
    }

    /**
     * Moves a row from the top to its position in the list.
     *
     * @param {number} id
     * @param {boolean} exists false if the person was deleted
     */
    #endUnsaved(id, exists) {
        const row = this.#unsaved.get(id);
        if (!row) return;
        const hasFocus = row.node.contains(document.activeElement);
        this.#unsaved.remove(row);
        const isListed = exists && this.insert(row.person);
        const listed = isListed && this.#results.rows.find(({ person }) => person.id === id);
        this.#afterRemoval(hasFocus, listed || undefined);
    }

    /** @param {number} id the person's ID; a new list may already have replaced the person's row */
    #remove(id) {
        const row = this.#results.rows.find(({ person }) => person.id === id);
        if (!row) return;
        const hasFocus = row.node.contains(document.activeElement);
        const neighbour = this.#results.remove(row);
        this.#ids.delete(id);
        this.#afterRemoval(hasFocus, neighbour);
    }

    /**
     * @param {boolean} hadFocus
     * @param {PersonRow | undefined} next the row that takes the focus
     */
    #afterRemoval(hadFocus, next) {
        if (hadFocus && next) next.focus();
        else if (hadFocus) this.#onFocusLost();
        this.#numberRows();
        this.#onChange();
    }
}

function tableHead() {
    const heads = ['First name', 'Last name', 'Actions'].map((text) =>
        element('th', { scope: 'col', role: 'columnheader' }, text));
    const row = element('tr', { role: 'row', 'aria-rowindex': 1 }, ...heads);
    return element('thead', { role: 'rowgroup' }, row);
}
