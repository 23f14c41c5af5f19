// @ts-check
import { button, element, isolated, setMessage } from '../dom.js';
import { form } from '../form.js';
import { displayName, nameFields } from './person-names.js';

/** @typedef {import('./person-names.js').Names} Names */

const conflict = 'Someone else has changed this person in the meantime.';

/**
 * The form that edits a person in the table row. If someone else has changed the person, the form
 * shows the new names. If the user has changed the names too, it shows the new names below the
 * inputs, and asks which version to keep.
 */
export class PersonEditor {
    #record;
    #onInput;
    #first;
    #last;
    #theirs = [element('div', { class: 'theirs' }), element('div', { class: 'theirs' })];
    #alert = element('div', { class: 'alert', role: 'alert' });
    #cancel;
    #form;
    /** The version on which the names in the inputs are based. */
    #base;

    /**
     * @param {import('./person-record.js').PersonRecord} record
     * @param {object} parts
     * @param {Names} [parts.draft] the names that were typed earlier and not saved
     * @param {(names: Names) => void} parts.onInput called with the names in the inputs
     * @param {(names: Names) => Promise<void>} parts.save
     * @param {() => void} parts.cancel
     */
    constructor(record, { draft, onInput, save, cancel }) {
        this.#record = record;
        this.#base = record.person;
        this.#onInput = onInput;
        const fields = nameFields(
            draft ?? record.person, onInput, [this.#theirs[0], this.#theirs[1]]);
        [this.#first, this.#last] = fields;
        this.#cancel = button('Cancel', cancel);
        this.#form = form({
            fields,
            isApart: true,
            action: 'Save',
            extra: [this.#cancel],
            send: () => save(this.#names),
        });
        this.#form.prepend(this.#alert);
        this.#form.setAttribute('aria-label', `Edit ${displayName(record.person)}`);
    }

    /** The contents of the row's cells: first name, last name, and the form with its buttons. */
    get cells() {
        return [this.#first.node, this.#last.node, this.#form];
    }

    focus() {
        this.#first.input.focus();
    }

    /**
     * Shows the version that someone else saved. Its names replace those in the inputs, unless the
     * user has changed the names.
     *
     * @returns {boolean} true if the user has to choose a version
     */
    showConflict() {
        const { firstName, lastName } = this.#record.person;
        const names = this.#names;
        const isChoice = names.firstName !== this.#base.firstName
            || names.lastName !== this.#base.lastName;
        this.#base = this.#record.person;
        if (isChoice) this.#onInput(names);
        else [this.#first.value, this.#last.value] = [firstName, lastName];
        setMessage(this.#alert, isChoice
            ? `${conflict} Keep your version or theirs?`
            : `${conflict} This is the new name.`);
        [firstName, lastName].forEach((name, index) =>
            this.#theirs[index].replaceChildren(
                ...(isChoice ? ['Theirs: ', isolated(name)] : [])));
        const save = /** @type {HTMLElement} */ (this.#form.querySelector('[type=submit]'));
        save.textContent = isChoice ? 'Save mine' : 'Save';
        this.#cancel.textContent = isChoice ? 'Take theirs' : 'Cancel';
        return isChoice;
    }

    get #names() {
        return { firstName: this.#first.value, lastName: this.#last.value };
    }
}
