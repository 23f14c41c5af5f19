// @ts-check
import { element } from '../dom.js';

/** @typedef {import('./person-row.js').PersonRow} PersonRow */

/** The rows at the top of the table. They are being edited, and are not in the results below. */
export class UnsavedRows {
    /** @type {Map<number, PersonRow>} the rows by the person's ID */
    #rows = new Map();

    node = element('tbody', { role: 'rowgroup', hidden: true });

    get size() {
        return this.#rows.size;
    }

    /** @param {number} id the person's ID */
    get(id) {
        return this.#rows.get(id);
    }

    /** The people who are being edited in these rows. */
    get people() {
        return [...this.#rows.values()].map(({ person }) => person);
    }

    /** @param {PersonRow} row */
    add(row) {
        this.#rows.set(row.person.id, row);
        this.node.append(row.node);
        this.#update();
    }

    /** @param {PersonRow} row */
    remove(row) {
        this.#rows.delete(row.person.id);
        row.node.remove();
        this.#update();
    }

    #update() {
        this.node.hidden = this.size === 0;
        [...this.#rows.values()].forEach(({ node }, index) =>
            node.setAttribute('aria-rowindex', `${index + 2}`));
    }
}
