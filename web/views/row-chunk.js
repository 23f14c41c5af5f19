// @ts-check
import { element } from '../dom.js';

/** @typedef {import('./person-row.js').PersonRow} PersonRow */

/**
 * An entry of the list. The person may be renamed, but the position stays as it was when the list
 * was loaded, so that no row moves away under the pointer.
 *
 * @typedef {object} Entry
 * @property {import('./person-names.js').Person} person
 * @property {import('./people-order.js').Position} position
 */

/** The number of rows in a chunk. It suits a slow phone, and is about as many as a screen shows. */
export const chunkSize = 20;

/**
 * Rows that are added to the document and removed from it together. While they are far from the
 * screen, an empty element of the same height takes their place.
 */
export class RowChunk {
    node = element('tbody', { role: 'rowgroup' });
    /** @type {PersonRow[] | null} null while the rows are not in the document */
    rows = null;
    isNear = false;

    /** @param {Entry[]} entries */
    constructor(entries) {
        this.entries = entries;
    }

    /**
     * Adds the rows to the document.
     *
     * @param {(entry: Entry) => PersonRow} createRow
     */
    fill(createRow) {
        this.rows = this.entries.map(createRow);
        this.node.style.blockSize = '';
        this.node.removeAttribute('aria-hidden');
        this.node.replaceChildren(...this.rows.map(({ node }) => node));
    }

    /** Removes the rows from the document, unless one has the focus or is being changed. */
    empty() {
        const isInUse = this.node.contains(document.activeElement)
            || this.node.querySelector('[data-mode]') !== null;
        if (isInUse) return;
        this.reserve(this.node.offsetHeight);
        this.node.replaceChildren();
        this.rows = null;
    }

    /** @param {number} height the pixels to keep free for the rows */
    reserve(height) {
        this.node.style.blockSize = `${height}px`;
        this.node.setAttribute('aria-hidden', 'true');
    }
}
