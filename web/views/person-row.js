// @ts-check
import { button, element, isolated, say } from '../dom.js';
import { Field, form, sentence } from '../form.js';
import { answer, json, Refusal } from '../gatehouse.js';

/** @typedef {{id: number, firstName: string, lastName: string}} Person */
/** @typedef {{firstName: string, lastName: string}} Names */

/**
 * What was typed and not yet sent, by person or 'new'; with the person as it was seen then.
 *
 * @typedef {Map<number | 'new', Names & {seen?: Person}>} Drafts
 */

/**
 * What a row tells its list.
 *
 * @typedef {object} RowEvents
 * @property {(person: Person) => void} onRenamed
 * @property {() => void} onRemoved the person is no more; the row still stands there
 * @property {() => void} onEdited the row shows the person again
 */

/**
 * First and last name for a sentence or a label, where there is no markup to keep a right-to-left
 * name from turning the rest around.
 *
 * @param {Names} names
 */
export function wholeName({ firstName, lastName }) {
    // What embeds, overrides or ends an isolation has no business outside of the name.
    const name = `${firstName} ${lastName}`.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
    return /^[\0-\u02ff]*$/.test(name) ? name : `\u2068${name}\u2069`;
}

/**
 * The two inputs of a name.
 *
 * @param {Names | undefined} names what stands there
 * @param {(names: Names) => void} keep gets what is typed
 * @param {[Node, Node]} [hints] what stands below them; their labels are for the ear only then
 * @returns {[Field, Field]}
 */
export function nameFields(names, keep, hints) {
    // A stranger's name: the browser's own profile has nothing to offer.
    const attributes = { maxlength: 30, required: true, autocomplete: 'off', dir: 'auto' };
    const isLabelHidden = hints !== undefined;
    const first = new Field(
        'firstName', 'First name', attributes, { isLabelHidden, hint: hints?.[0] });
    const last = new Field(
        'lastName', 'Last name', attributes, { isLabelHidden, hint: hints?.[1] });
    first.value = names?.firstName ?? '';
    last.value = names?.lastName ?? '';
    for (const field of [first, last]) {
        field.input.addEventListener('input', () => {
            keep({ firstName: first.value, lastName: last.value });
        });
    }
    return [first, last];
}

/** A person's row: shown, being edited in place, or about to be deleted. */
export class PersonRow {
    #app;
    #drafts;
    /** As it was last seen, and so what a change is meant to change. */
    #person;
    /** The entity tag of that state; empty where the server was not yet asked for it. */
    #tag = '';
    /** @type {Promise<boolean> | undefined} */
    #looking;
    /** Shows the server's version beside what was typed. */
    #showTheirs = () => {};
    #first = element('td', { role: 'cell' });
    #last = element('td', { role: 'cell' });
    #actions = element('td', { role: 'cell', class: 'actions' });

    /** The table's row. */
    node = element('tr', { role: 'row' }, this.#first, this.#last, this.#actions);

    /**
     * @param {Person} person
     * @param {object} parts
     * @param {import('../app.js').App} parts.app
     * @param {Drafts} parts.drafts
     * @param {RowEvents} parts.events
     */
    constructor(person, { app, drafts, events }) {
        this.#person = person;
        this.#app = app;
        this.#drafts = drafts;
        this.events = events;
        this.node.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && this.node.dataset.mode) this.#cancel();
        });
        if (drafts.has(person.id)) this.#edit();
        else this.#show();
    }

    /** Who stands here. */
    get person() {
        return this.#person;
    }

    get isBeingEdited() {
        return this.node.dataset.mode === 'editing';
    }

    /** Takes the focus to what can be done with the person. */
    focus() {
        this.#actions.querySelector('button')?.focus();
    }

    get #path() {
        return `/api/people/${this.#person.id}`;
    }

    get #name() {
        return wholeName(this.#person);
    }

    #show() {
        delete this.node.dataset.mode;
        this.node.removeAttribute('data-asks');
        this.#showNames();
        const edit = button('Edit', () => this.#edit(true), {
            class: 'quiet', 'aria-label': `Edit ${this.#name}`,
        });
        const remove = button('Delete', () => this.#ask(), {
            class: 'quiet danger', 'aria-label': `Delete ${this.#name}`,
        });
        const isAdmin = this.#app.gatehouse.user?.role === 'admin';
        this.#actions.replaceChildren(
            element('div', { class: 'buttons' }, edit, ...(isAdmin ? [remove] : [])));
    }

    #showNames() {
        this.#first.replaceChildren(isolated(this.#person.firstName));
        this.#last.replaceChildren(isolated(this.#person.lastName));
    }

    #cancel() {
        const { mode } = this.node.dataset;
        this.#drafts.delete(this.#person.id);
        this.#show();
        // The button by which one came.
        this.#actions.querySelectorAll('button')[mode === 'deleting' ? 1 : 0]?.focus();
        if (mode === 'editing') this.events.onEdited();
    }

    /**
     * Asks the server how the person is now, and for that state's tag: true where it is not what
     * was seen here.
     */
    #look() {
        const ask = async () => {
            const response = await this.#app.gatehouse.fetch(this.#path);
            /** @type {Person} */
            const person = await answer(response);
            const { firstName, lastName } = this.#person;
            this.#tag = response.headers.get('ETag') ?? '';
            const isChanged = person.firstName !== firstName || person.lastName !== lastName;
            if (isChanged) this.#become(person);
            return isChanged;
        };
        this.#looking ??= ask().finally(() => (this.#looking = undefined));
        return this.#looking;
    }

    /** @param {Person} person */
    #become(person) {
        this.#person = person;
        this.events.onRenamed(person);
    }

    /**
     * Sends a change of the state that was seen, and of no other.
     *
     * @param {RequestInit} change
     * @returns {Promise<'done' | 'changed' | 'gone'>} changed: by somebody else; nothing was done,
     *     and this row now knows their version
     */
    async #send(change) {
        const headers = () => ({ ...change.headers, 'If-Match': this.#tag });
        try {
            if (!this.#tag && (await this.#look())) return 'changed';
            const { gatehouse } = this.#app;
            await answer(await gatehouse.fetch(this.#path, { ...change, headers: headers() }));
            this.#tag = '';
            return 'done';
        } catch (error) {
            if (isRefused(error, 404)) return 'gone';
            if (!isRefused(error, 412)) throw error;
            this.#tag = '';
        }
        try {
            await this.#look();
            return 'changed';
        } catch (error) {
            if (isRefused(error, 404)) return 'gone';
            throw error;
        }
    }

    /** Meanwhile, while the person thinks: whether what stands here is still so. */
    async #check() {
        const { mode } = this.node.dataset;
        const isChanged = await this.#look().catch((error) => {
            // Who cannot be reached is asked again before anything is changed.
            if (isRefused(error, 404) && mode === this.node.dataset.mode) this.#lose();
            return false;
        });
        if (!isChanged) return;
        if (mode === this.node.dataset.mode) this.#showTheirs();
        else if (!this.node.dataset.mode) this.#showAgain();
    }

    /** The news came late: nobody is at work here any more, but the focus may be here. */
    #showAgain() {
        const buttons = () => [...this.#actions.querySelectorAll('button')];
        const index = buttons().findIndex((one) => one === document.activeElement);
        this.#show();
        buttons()[index]?.focus();
    }

    #edit(takesFocus = false) {
        this.node.dataset.mode = 'editing';
        const { id } = this.#person;
        const draft = this.#drafts.get(id);
        if (draft?.seen) this.#person = draft.seen;
        this.#tag = '';
        /** @param {Names} names */
        const keep = (names) => this.#drafts.set(id, { ...names, seen: this.#person });
        const theirs = ['', ''].map(() => element('div', { class: 'theirs' }));
        const fields = nameFields(draft ?? this.#person, keep, [theirs[0], theirs[1]]);
        const [first, last] = fields;
        const cancel = button('Cancel', () => this.#cancel());
        const alert = element('div', { class: 'alert', role: 'alert' });
        const node = form({
            fields,
            isApart: true,
            action: 'Save',
            extra: [cancel],
            send: () => this.#save({ firstName: first.value, lastName: last.value }),
        });
        node.prepend(alert);
        node.setAttribute('aria-label', `Edit ${this.#name}`);

        let before = this.#person;
        this.#showTheirs = () => {
            const { firstName, lastName } = this.#person;
            const isTouched = first.value !== before.firstName || last.value !== before.lastName;
            before = this.#person;
            if (isTouched) keep({ firstName: first.value, lastName: last.value });
            else [first.value, last.value] = [firstName, lastName];
            say(alert, isTouched
                ? 'Somebody else has changed this person meanwhile. Keep your version or theirs?'
                : 'Somebody else has changed this person meanwhile. This is the new name.');
            [firstName, lastName].forEach((name, index) =>
                theirs[index].replaceChildren(...(isTouched ? ['Theirs: ', isolated(name)] : [])));
            this.node.toggleAttribute('data-asks', isTouched);
            const save = /** @type {HTMLElement} */ (node.querySelector('[type=submit]'));
            save.textContent = isTouched ? 'Save mine' : 'Save';
            cancel.textContent = isTouched ? 'Take theirs' : 'Cancel';
        };
        this.#first.replaceChildren(first.node);
        this.#last.replaceChildren(last.node);
        this.#actions.replaceChildren(node);
        if (takesFocus) first.input.focus();
        this.#check();
    }

    /** @param {Names} names */
    async #save(names) {
        const result = await this.#send(json('PUT', names));
        if (result === 'gone') return this.#lose();
        if (result === 'changed') return this.#showTheirs();
        this.#become({ ...this.#person, ...names });
        this.#cancel();
        this.#app.announce(`${this.#name} was saved.`);
    }

    #ask() {
        this.node.dataset.mode = 'deleting';
        this.#tag = '';
        const alert = element('div', { class: 'error', role: 'alert' });
        const keep = button('Keep', () => this.#cancel());
        const remove = button('Delete', () => this.#delete(remove, alert), {
            class: 'danger solid',
        });
        const question = element('p', { id: `ask-${this.#person.id}` }, 'Delete for good?');
        this.#actions.replaceChildren(element(
            'div', { role: 'group', 'aria-labelledby': question.id },
            alert, question, element('div', { class: 'buttons' }, remove, keep)));
        this.#showTheirs = () => {
            this.#showNames();
            this.node.toggleAttribute('data-asks', true);
            const { firstName, lastName } = this.#person;
            say(alert, element(
                'span', {}, 'Somebody else has changed this person meanwhile. The name is now ',
                isolated(firstName), ' ', isolated(lastName), '.'));
        };
        keep.focus();
        this.#check();
    }

    /**
     * @param {HTMLElement} pressed
     * @param {HTMLElement} alert
     */
    async #delete(pressed, alert) {
        if (pressed.getAttribute('aria-disabled') === 'true') return;
        pressed.setAttribute('aria-disabled', 'true');
        say(alert);
        try {
            const result = await this.#send({ method: 'DELETE' });
            if (result === 'changed') this.#showTheirs();
            else this.#lose(`${this.#name} was deleted.`);
        } catch (error) {
            say(alert, sentence(error));
        } finally {
            pressed.removeAttribute('aria-disabled');
        }
    }

    /** @param {string} [text] what to tell */
    #lose(text = `${this.#name} had been deleted by someone else.`) {
        this.#drafts.delete(this.#person.id);
        this.events.onRemoved();
        this.#app.announce(text);
    }
}

/**
 * @param {unknown} error
 * @param {number} status
 */
function isRefused(error, status) {
    return error instanceof Refusal && error.status === status;
}
