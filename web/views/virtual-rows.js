// @ts-check
import { comparePositions } from './people-order.js';
import { chunkSize, RowChunk } from './row-chunk.js';

/** @typedef {import('./person-row.js').PersonRow} PersonRow */
/** @typedef {import('./row-chunk.js').Entry} Entry */

/**
 * The rows of a table of any length. A row is in the document only if it is near the screen, has
 * the focus, or is being changed.
 */
export class VirtualRows {
    #table;
    #createRow;
    /** @type {RowChunk[]} */
    #chunks = [];
    /** The `aria-rowindex` of the first of these rows; the table's head has 1. */
    #start = 2;
    #width = 0;

    #screen = new IntersectionObserver((changes) => {
        for (const { target, isIntersecting } of changes) {
            const chunk = this.#chunks.find(({ node }) => node === target);
            if (chunk) chunk.isNear = isIntersecting;
        }
        this.#updateChunks();
    }, { rootMargin: '150% 0px' });

    // Wait for the next frame, because a callback that changes the observed table's size is
    // reported as an error ("ResizeObserver loop completed with undelivered notifications").
    #resize = new ResizeObserver(() => requestAnimationFrame(() => this.#adaptToWidth()));
    #beforePrint = () => {
        for (const chunk of this.#chunks) this.fill(chunk);
    };
    #afterPrint = () => this.#updateChunks();

    /**
     * @param {HTMLTableElement} table
     * @param {(entry: Entry) => PersonRow} createRow
     */
    constructor(table, createRow) {
        this.#table = table;
        this.#createRow = createRow;
        this.#resize.observe(table);
        addEventListener('beforeprint', this.#beforePrint);
        addEventListener('afterprint', this.#afterPrint);
        // A chunk that was kept because of the focus can be emptied once the focus has left it.
        table.addEventListener('focusout', () => requestAnimationFrame(() => this.#updateChunks()));
    }

    /** The rows that are in the document. */
    get rows() {
        return this.#chunks.flatMap(({ rows }) => rows ?? []);
    }

    /** Removes all entries. */
    clear() {
        this.#screen.disconnect();
        for (const { node } of this.#chunks) node.remove();
        this.#chunks = [];
    }

    /** Stops observing the screen. Must be called when the user leaves the page. */
    stop() {
        this.#screen.disconnect();
        this.#resize.disconnect();
        removeEventListener('beforeprint', this.#beforePrint);
        removeEventListener('afterprint', this.#afterPrint);
    }

    /**
     * Adds entries at the end.
     *
     * @param {Entry[]} entries
     * @returns {RowChunk | undefined} the chunk with the first of the new entries
     */
    append(entries) {
        const first = this.#chunks.length;
        let height = first === 0 ? undefined : this.#rowHeight();
        for (let index = 0; index < entries.length; index += chunkSize) {
            const chunk = this.#addChunk(entries.slice(index, index + chunkSize));
            height ??= this.#rowHeight();
            if (!chunk.rows) chunk.reserve(chunk.entries.length * height);
        }
        return this.#chunks[first];
    }

    /**
     * Inserts an entry at its position.
     *
     * @param {Entry} entry
     * @param {boolean} isComplete false if more entries can follow the last one
     * @returns {boolean} false if the position is after the last entry, and more can follow
     */
    insert(entry, isComplete) {
        const isAfter = (/** @type {Entry | undefined} */ other) =>
            other !== undefined && comparePositions(other.position, entry.position) > 0;
        const next = this.#chunks.find(({ entries }) => isAfter(entries.at(-1)));
        if (!next && !isComplete) return false;

        const chunk = next ?? this.#chunks.at(-1) ?? this.#addChunk([]);
        const found = chunk.entries.findIndex(isAfter);
        const index = found < 0 ? chunk.entries.length : found;
        chunk.entries.splice(index, 0, entry);
        if (chunk.rows) {
            const row = this.#createRow(entry);
            chunk.node.insertBefore(row.node, chunk.rows[index]?.node ?? null);
            chunk.rows.splice(index, 0, row);
        } else chunk.reserve(chunk.entries.length * this.#rowHeight());
        return true;
    }

    /**
     * Removes the entry of a row.
     *
     * @param {PersonRow} row
     * @returns {PersonRow | undefined} the next row; at the end of the list, the previous row
     */
    remove(row) {
        const { rows } = this;
        const at = rows.indexOf(row);
        const chunk = this.#chunks.find((one) => one.rows?.includes(row));
        if (chunk?.rows) {
            const index = chunk.rows.indexOf(row);
            chunk.entries.splice(index, 1);
            chunk.rows.splice(index, 1);
        }
        row.node.remove();
        return rows[at + 1] ?? rows[at - 1];
    }

    /** @param {RowChunk} chunk */
    fill(chunk) {
        if (!chunk.rows) chunk.fill(this.#createRow);
    }

    /**
     * Sets the index of each row, which tells a screen reader where the row is in the table.
     *
     * @param {number} start index of the first row
     * @returns {number} index of the last row
     */
    number(start) {
        this.#start = start;
        let index = start;
        for (const { rows, entries } of this.#chunks) {
            rows?.forEach(({ node }, at) => node.setAttribute('aria-rowindex', `${index + at}`));
            index += entries.length;
        }
        return index - 1;
    }

    /** @param {Entry[]} entries */
    #addChunk(entries) {
        const chunk = new RowChunk(entries);
        // The first chunk is filled at once, the others when they come near the screen.
        if (this.#chunks.length === 0) this.fill(chunk);
        this.#chunks.push(chunk);
        this.#table.append(chunk.node);
        this.#screen.observe(chunk.node);
        return chunk;
    }

    /** Empties the chunks that are far from the screen, and fills one that is near. */
    #updateChunks() {
        for (const chunk of this.#chunks) if (!chunk.isNear && chunk.rows) chunk.empty();
        const isMissing = (/** @type {RowChunk} */ { isNear, rows }) => isNear && !rows;
        const chunk = this.#chunks.find(isMissing);
        if (!chunk) return;
        this.fill(chunk);
        this.number(this.#start);
        // Fill the next chunk a frame later, because the rows that were just added may have pushed
        // it off the screen.
        if (this.#chunks.some(isMissing)) requestAnimationFrame(() => this.#updateChunks());
    }

    /** Updates the height of empty chunks, because names wrap differently at another width. */
    #adaptToWidth() {
        const width = this.#table.clientWidth;
        if (width === this.#width) return;
        this.#width = width;
        const height = this.#rowHeight();
        for (const { rows, entries, node } of this.#chunks) {
            if (!rows) node.style.blockSize = `${entries.length * height}px`;
        }
    }

    #rowHeight() {
        const filled = this.#chunks.find(({ rows }) => rows && rows.length > 0);
        return filled ? filled.node.offsetHeight / filled.entries.length : 0;
    }
}
