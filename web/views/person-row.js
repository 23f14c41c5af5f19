// @ts-check
import { button, element, isolated, say } from '../dom.js';
import { Field, form, sentence } from '../form.js';
import { answer, json, Refusal } from '../gatehouse.js';

/** @typedef {import('./people.js').Person} Person */
/** @typedef {Map<number | 'new', {firstName: string, lastName: string}>} Drafts */

/**
 * The two inputs of a name; what is typed into them is kept in the drafts.
 *
 * @param {number | 'new'} key
 * @param {Drafts} drafts
 * @param {Person} [person] whose name stands there where there is no draft
 * @returns {[Field, Field]}
 */
export function nameFields(key, drafts, person) {
    // A stranger's name: the browser's own profile has nothing to offer.
    const attributes = { maxlength: 30, required: true, autocomplete: 'off', dir: 'auto' };
    const options = { isLabelHidden: person !== undefined };
    const first = new Field('firstName', 'First name', attributes, options);
    const last = new Field('lastName', 'Last name', attributes, options);
    const names = drafts.get(key) ?? person;
    first.value = names?.firstName ?? '';
    last.value = names?.lastName ?? '';
    for (const field of [first, last]) {
        field.input.addEventListener('input', () => {
            drafts.set(key, { firstName: first.value, lastName: last.value });
        });
    }
    return [first, last];
}

/** A person's row: shown, being edited in place, or about to be deleted. */
export class PersonRow {
    #person;
    #app;
    #drafts;
    #onRemoved;
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
     * @param {(next: HTMLElement | null) => void} parts.onRemoved gets the row to go on with
     */
    constructor(person, { app, drafts, onRemoved }) {
        this.#person = person;
        this.#app = app;
        this.#drafts = drafts;
        this.#onRemoved = onRemoved;
        this.node.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && this.node.dataset.mode) this.#cancel();
        });
        if (drafts.has(person.id)) this.#edit();
        else this.#show();
    }

    get #path() {
        return `/api/people/${this.#person.id}`;
    }

    get #name() {
        return `${this.#person.firstName} ${this.#person.lastName}`;
    }

    #show() {
        delete this.node.dataset.mode;
        this.#first.replaceChildren(isolated(this.#person.firstName));
        this.#last.replaceChildren(isolated(this.#person.lastName));
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

    #cancel() {
        // The button by which one came.
        const index = this.node.dataset.mode === 'deleting' ? 1 : 0;
        this.#drafts.delete(this.#person.id);
        this.#show();
        this.#actions.querySelectorAll('button')[index]?.focus();
    }

    #edit(takesFocus = false) {
        this.node.dataset.mode = 'editing';
        const fields = nameFields(this.#person.id, this.#drafts, this.#person);
        const [first, last] = fields;
        const node = form({
            fields,
            isApart: true,
            action: 'Save',
            extra: [button('Cancel', () => this.#cancel())],
            send: () => this.#save({ firstName: first.value, lastName: last.value }),
        });
        node.setAttribute('aria-label', `Edit ${this.#name}`);
        this.#first.replaceChildren(first.node);
        this.#last.replaceChildren(last.node);
        this.#actions.replaceChildren(node);
        if (takesFocus) first.input.focus();
    }

    /** @param {{firstName: string, lastName: string}} names */
    async #save(names) {
        try {
            await answer(await this.#app.gatehouse.fetch(this.#path, json('PUT', names)));
        } catch (error) {
            if (!isGone(error)) throw error;
            return this.#remove(`${this.#name} had been deleted by someone else.`);
        }
        this.#person = { ...this.#person, ...names };
        this.#cancel();
        this.#app.announce(`${this.#name} was saved.`);
    }

    #ask() {
        this.node.dataset.mode = 'deleting';
        const alert = element('div', { class: 'error', role: 'alert' });
        const keep = button('Keep', () => this.#cancel());
        const remove = button('Delete', () => this.#delete(remove, alert), {
            class: 'danger solid',
        });
        const question = element('p', { id: `ask-${this.#person.id}` }, 'Delete for good?');
        this.#actions.replaceChildren(element(
            'div', { role: 'group', 'aria-labelledby': question.id },
            question, element('div', { class: 'buttons' }, remove, keep), alert));
        keep.focus();
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
            const { gatehouse } = this.#app;
            await answer(await gatehouse.fetch(this.#path, { method: 'DELETE' }));
        } catch (error) {
            pressed.removeAttribute('aria-disabled');
            if (!isGone(error)) return say(alert, sentence(error));
        }
        this.#remove(`${this.#name} was deleted.`);
    }

    /** @param {string} text what to tell */
    #remove(text) {
        const next = this.node.nextElementSibling ?? this.node.previousElementSibling;
        this.#drafts.delete(this.#person.id);
        this.node.remove();
        this.#onRemoved(/** @type {HTMLElement | null} */ (next));
        this.#app.announce(text);
    }
}

/** @param {unknown} error */
function isGone(error) {
    return error instanceof Refusal && error.status === 404;
}
