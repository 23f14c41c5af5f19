// @ts-check
import { element } from '../dom.js';
import { PersonRow } from './person-row.js';

/** @typedef {import('./person-row.js').Person} Person */
/** @typedef {import('./person-row.js').Drafts} Drafts */

/**
 * Where somebody stands in the answer to a question: the server lists those first whose
 * `Last First` begins with it, then those of whom only `First Last` does.
 *
 * @typedef {{order: number, key: string, id: number}} Place
 */

/**
 * The place of a person, null for somebody whom the question does not find.
 *
 * @param {Person} person
 * @param {string} question
 * @returns {Place | null}
 */
export function placeOf({ id, firstName, lastName }, question) {
    const names = [`${lastName} ${firstName}`, `${firstName} ${lastName}`].map(folded);
    const order = names.findIndex((name) => name.startsWith(folded(question)));
    return order < 0 ? null : { order, key: names[order], id };
}

/**
 * Below zero where `a` is listed before `b`.
 *
 * @param {Place} a
 * @param {Place} b
 */
export function compare(a, b) {
    return a.order - b.order || compareText(a.key, b.key) || a.id - b.id;
}

/**
 * By code points, as the server sorts; `<` would put an emoji before a full-width letter.
 *
 * @param {string} a
 * @param {string} b
 */
function compareText(a, b) {
    let index = 0;
    while (index < a.length && a[index] === b[index]) index += 1;
    return rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
}

/** @param {number} unit NaN: behind the text's end */
function rank(unit) {
    if (Number.isNaN(unit)) return -1;
    if (unit < 0xd800) return unit;
    // Surrogates, which stand for all that is beyond U+FFFF, go to the end.
    return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * A to Z have no case in the server's order; all other characters are as they are.
 *
 * @param {string} text
 */
function folded(text) {
    return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * The person may be renamed; the place is that of the time when the list was made, so that nobody
 * jumps away from under the pointer.
 *
 * @typedef {{person: Person, place: Place}} Listed
 */

/** Rows that come and go together: while they are far from the screen only their height stays. */
class Chunk {
    node = element('tbody', { role: 'rowgroup' });
    /** @type {PersonRow[] | null} null: far away */
    rows = null;
    isNear = false;

    /** @param {Listed[]} listed */
    constructor(listed) {
        this.listed = listed;
    }

    /** @param {(listed: Listed) => PersonRow} row */
    fill(row) {
        this.rows = this.listed.map(row);
        this.node.style.blockSize = '';
        this.node.removeAttribute('aria-hidden');
        this.node.replaceChildren(...this.rows.map(({ node }) => node));
    }

    /** Leaves the room of the rows alone, unless somebody is at work in one of them. */
    empty() {
        const isInUse = this.node.contains(document.activeElement)
            || this.node.querySelector('[data-mode]') !== null;
        if (isInUse) return;
        this.reserve(this.node.offsetHeight);
        this.node.replaceChildren();
        this.rows = null;
    }

    /** @param {number} height pixels */
    reserve(height) {
        this.node.style.blockSize = `${height}px`;
        this.node.setAttribute('aria-hidden', 'true');
    }
}

/** So many rows are made in a frame: few enough for a slow phone, more than most screens show. */
const chunkSize = 25;

/**
 * The table of people, of any length: only what is near the screen is in the document.
 *
 * Rows in which somebody is at work always are; a new answer moves those that are being edited to
 * the top, where they stay until they are saved or given up.
 */
export class PeopleList {
    #parts;
    #onChange;
    #onLost;
    #question = '';
    #isWhole = false;
    /** @type {Chunk[]} */
    #chunks = [];
    /** @type {Set<number>} */
    #known = new Set();
    /** @type {Map<number, PersonRow>} being edited, and not in the answer */
    #unsaved = new Map();
    #unsavedBody = element('tbody', { role: 'rowgroup' });
    #width = 0;

    #watch = new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) {
            const chunk = this.#chunks.find(({ node }) => node === target);
            if (chunk) chunk.isNear = isIntersecting;
        }
        this.#settle();
    }, { rootMargin: '150% 0px' });

    #resized = new ResizeObserver(() => this.#adaptToWidth());

    /**
     * @param {HTMLTableElement} table with its head, and nobody in it
     * @param {object} parts
     * @param {import('../app.js').App} parts.app
     * @param {Drafts} parts.drafts
     * @param {() => void} parts.onChange somebody came or went
     * @param {() => void} parts.onLost the focus was in a row that is gone, and no other is near
     */
    constructor(table, { app, drafts, onChange, onLost }) {
        this.node = table;
        this.#parts = { app, drafts };
        this.#onChange = onChange;
        this.#onLost = onLost;
        this.node.append(this.#unsavedBody);
        this.#unsavedBody.hidden = true;
        this.#resized.observe(this.node);
        // A chunk that was kept for the focus in it may go once that has left.
        this.node.addEventListener('focusout', () => requestAnimationFrame(() => this.#settle()));
        for (const [key, { seen }] of drafts) if (key !== 'new' && seen) this.#setApart(seen);
    }

    /** How many people are listed. */
    get count() {
        const apart = [...this.#unsaved.values()].filter(
            ({ person }) => placeOf(person, this.#question));
        return this.#known.size + apart.length;
    }

    /** Whether a row can be seen at all. */
    get isEmpty() {
        return this.#known.size + this.#unsaved.size === 0;
    }

    /**
     * Begins with the first page of an answer; everybody who stood there goes.
     *
     * @param {string} question
     * @param {Person[]} people
     * @param {boolean} isWhole nobody comes after them
     */
    begin(question, people, isWhole) {
        for (const row of this.#standing()) {
            if (row.isBeingEdited) this.#setApart(row.person, row);
        }
        this.#watch.disconnect();
        this.#chunks = [];
        this.#known.clear();
        this.#question = question;
        const head = /** @type {HTMLElement} */ (this.node.tHead);
        this.node.replaceChildren(head, this.#unsavedBody);
        // Hidden, rows would have no height to be measured.
        this.node.hidden = people.length + this.#unsaved.size === 0;
        this.append(people, isWhole);
    }

    /**
     * Adds a further page at the end.
     *
     * @param {Person[]} people
     * @param {boolean} isWhole nobody comes after them
     * @returns {Chunk | undefined} where they begin
     */
    append(people, isWhole) {
        this.#isWhole = isWhole;
        // Who is renamed while one reads on is listed twice.
        const listed = people
            .filter(({ id }) => !this.#known.has(id) && !this.#unsaved.has(id))
            .map((person) => {
                // Whom only the server finds stands behind all others.
                const place = placeOf(person, this.#question) ?? { order: 2, key: '', id: person.id };
                return { person, place };
            });
        const first = this.#chunks.length;
        let height = first === 0 ? undefined : this.#rowHeight();
        for (let index = 0; index < listed.length; index += chunkSize) {
            const chunk = this.#add(new Chunk(listed.slice(index, index + chunkSize)));
            height ??= this.#rowHeight();
            if (!chunk.rows) chunk.reserve(chunk.listed.length * height);
        }
        this.#number();
        return this.#chunks[first];
    }

    /**
     * Puts somebody where the order wants it.
     *
     * @param {Person} person
     * @returns {boolean} false where that is in a part which is not loaded, or not asked for
     */
    insert(person) {
        // A page that was on its way may have brought the same person.
        if (this.#known.has(person.id)) return true;
        const place = placeOf(person, this.#question);
        if (!place) return false;
        const isAfter = (/** @type {Listed | undefined} */ other) =>
            other !== undefined && compare(other.place, place) > 0;
        const chunk = this.#chunks.find((one) => isAfter(one.listed.at(-1)));
        if (!chunk && !this.#isWhole) return false;

        const home = chunk ?? this.#chunks.at(-1) ?? this.#add(new Chunk([]));
        const found = home.listed.findIndex(isAfter);
        const index = found < 0 ? home.listed.length : found;
        const listed = { person, place };
        home.listed.splice(index, 0, listed);
        this.#known.add(person.id);
        if (home.rows) {
            const row = this.#row(listed);
            home.node.insertBefore(row.node, home.rows[index]?.node ?? null);
            home.rows.splice(index, 0, row);
        } else home.reserve(home.listed.length * this.#rowHeight());
        this.#number();
        return true;
    }

    /**
     * Moves the focus to the first row of a chunk.
     *
     * @param {Chunk | undefined} chunk
     */
    focus(chunk) {
        if (!chunk) return this.#onLost();
        if (!chunk.rows) chunk.fill((listed) => this.#row(listed));
        this.#number();
        chunk.rows?.[0]?.focus();
    }

    /** To be called when the page is left. */
    stop() {
        this.#watch.disconnect();
        this.#resized.disconnect();
    }

    /** @param {Chunk} chunk */
    #add(chunk) {
        // The first rows are there with the answer; others come as the screen gets near.
        if (this.#chunks.length === 0) chunk.fill((listed) => this.#row(listed));
        for (const { person } of chunk.listed) this.#known.add(person.id);
        this.#chunks.push(chunk);
        this.node.append(chunk.node);
        this.#watch.observe(chunk.node);
        return chunk;
    }

    #settle() {
        for (const chunk of this.#chunks) if (!chunk.isNear && chunk.rows) chunk.empty();
        const isMissing = (/** @type {Chunk} */ { isNear, rows }) => isNear && !rows;
        const chunk = this.#chunks.find(isMissing);
        if (!chunk) return;
        chunk.fill((listed) => this.#row(listed));
        this.#number();
        // It may have pushed the others away from the screen.
        if (this.#chunks.some(isMissing)) requestAnimationFrame(() => this.#settle());
    }

    /** Rows that wrap otherwise have another height. */
    #adaptToWidth() {
        const width = this.node.clientWidth;
        if (width === this.#width) return;
        this.#width = width;
        const height = this.#rowHeight();
        for (const { rows, listed, node } of this.#chunks) {
            if (!rows) node.style.blockSize = `${listed.length * height}px`;
        }
    }

    #rowHeight() {
        const full = this.#chunks.find(({ rows }) => rows && rows.length > 0);
        return full ? full.node.offsetHeight / full.listed.length : 0;
    }

    /** @returns {PersonRow[]} */
    #standing() {
        return this.#chunks.flatMap(({ rows }) => rows ?? []);
    }

    /** Says which rows of how many these are, for those who cannot see how long the list is. */
    #number() {
        let index = 2 + this.#unsaved.size;
        for (const { rows, listed } of this.#chunks) {
            rows?.forEach(({ node }, at) => node.setAttribute('aria-rowindex', `${index + at}`));
            index += listed.length;
        }
        this.node.setAttribute('aria-rowcount', this.#isWhole ? `${index - 1}` : '-1');
    }

    /** @param {Listed} listed */
    #row(listed) {
        const events = {
            onRenamed: (/** @type {Person} */ person) => (listed.person = person),
            onRemoved: () => this.#remove(listed.person.id),
            onEdited: () => {},
        };
        return new PersonRow(listed.person, { ...this.#parts, events });
    }

    /**
     * Keeps a row on top until its editing ends.
     *
     * @param {Person} person
     * @param {PersonRow} [row] as it stands, with its focus and its errors
     */
    #setApart(person, row) {
        const events = {
            onRenamed: () => {},
            onRemoved: () => this.#bringBack(person.id, false),
            onEdited: () => this.#bringBack(person.id, true),
        };
        const apart = row ?? new PersonRow(person, { ...this.#parts, events });
        apart.events = events;
        this.#unsaved.set(person.id, apart);
        this.#unsavedBody.append(apart.node);
        this.#unsavedBody.hidden = false;
        [...this.#unsaved.values()].forEach(({ node }, index) =>
            node.setAttribute('aria-rowindex', `${index + 2}`));
    }

    /**
     * @param {number} id
     * @param {boolean} isThere false: the person was deleted
     */
    #bringBack(id, isThere) {
        const row = this.#unsaved.get(id);
        if (!row) return;
        const hasFocus = row.node.contains(document.activeElement);
        this.#unsaved.delete(id);
        row.node.remove();
        this.#unsavedBody.hidden = this.#unsaved.size === 0;
        const isListed = isThere && this.insert(row.person);
        const again = isListed && this.#standing().find(({ person }) => person.id === id);
        if (hasFocus && again) again.focus();
        else if (hasFocus) this.#onLost();
        this.#number();
        this.#onChange();
    }

    /** @param {number} id of somebody whose row may have gone: a new answer is there meanwhile */
    #remove(id) {
        const standing = this.#standing();
        const at = standing.findIndex(({ person }) => person.id === id);
        const chunk = this.#chunks.find(({ rows }) => rows?.includes(standing[at]));
        if (!chunk?.rows) return;
        const row = standing[at];
        const hasFocus = row.node.contains(document.activeElement);
        const index = chunk.rows.indexOf(row);
        chunk.listed.splice(index, 1);
        chunk.rows.splice(index, 1);
        this.#known.delete(id);
        row.node.remove();
        const next = standing[at + 1] ?? standing[at - 1];
        if (hasFocus && next) next.focus();
        else if (hasFocus) this.#onLost();
        this.#number();
        this.#onChange();
    }
}
