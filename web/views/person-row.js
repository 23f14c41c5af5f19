// @ts-check
import { button, element, isolated, setMessage, whileBusy } from '../dom.js';
import { errorText } from '../request-errors.js';
import { PersonEditor } from './person-editor.js';
import { displayName } from './person-names.js';
import { hasStatus, PersonRecord } from './person-record.js';

/** @typedef {import('./person-names.js').Person} Person */
/** @typedef {import('./person-names.js').Names} Names */

/**
 * The events that a row reports to its list.
 *
 * @typedef {object} RowEvents
 * @property {(person: Person) => void} onRenamed
 * @property {() => void} onRemoved the person was deleted; the row is still in the document
 * @property {() => void} onEdited the editing ended; the row shows the person again
 */

/** A person's row in the table. It shows or edits the person, or asks to confirm a deletion. */
export class PersonRow {
    #app;
    #drafts;
    #record;
    /** Shows the version that someone else saved. Each mode sets its own function here. */
    #showConflict = () => {};
    #first = element('td', { role: 'cell' });
    #last = element('td', { role: 'cell' });
    #actions = element('td', { role: 'cell', class: 'actions' });

    /** The row's element in the table. */
    node = element('tr', { role: 'row' }, this.#first, this.#last, this.#actions);

    /**
     * @param {Person} person
     * @param {object} parts
     * @param {import('../app.js').App} parts.app
     * @param {import('./person-names.js').Drafts} parts.drafts
     * @param {RowEvents} parts.events
     */
    constructor(person, { app, drafts, events }) {
        this.#app = app;
        this.#drafts = drafts;
        this.events = events;
        this.#record = new PersonRecord(
            app.gatehouse, person, (changed) => this.events.onRenamed(changed));
        this.node.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && this.#mode) this.#cancel();
        });
        if (drafts.has(person.id)) this.#edit();
        else this.#show();
    }

    get person() {
        return this.#record.person;
    }

    get isBeingEdited() {
        return this.#mode === 'editing';
    }

    /** Moves the focus to the row's first button. */
    focus() {
        this.#actions.querySelector('button')?.focus();
    }

    /** `editing`, `deleting`, or undefined while the row shows the person. */
    get #mode() {
        return this.node.dataset.mode;
    }

    get #name() {
        return displayName(this.person);
    }

    #show() {
        delete this.node.dataset.mode;
        this.node.removeAttribute('data-conflict');
        this.#showNames();
        const edit = button('Edit', () => this.#edit(true), {
            class: 'quiet', 'aria-label': `Edit ${this.#name}`,
        });
        const remove = button('Delete', () => this.#confirmDeletion(), {
            class: 'quiet danger', 'aria-label': `Delete ${this.#name}`,
        });
        const isAdmin = this.#app.gatehouse.user?.role === 'admin';
        this.#actions.replaceChildren(
            element('div', { class: 'buttons' }, edit, ...(isAdmin ? [remove] : [])));
    }

    #showNames() {
        this.#first.replaceChildren(isolated(this.person.firstName));
        this.#last.replaceChildren(isolated(this.person.lastName));
    }

    #cancel() {
        const mode = this.#mode;
        this.#drafts.delete(this.person.id);
        this.#show();
        // The focus returns to the button that began this mode.
        this.#actions.querySelectorAll('button')[mode === 'deleting' ? 1 : 0]?.focus();
        if (mode === 'editing') this.events.onEdited();
    }

    /** Checks, while the user edits or decides to delete, whether the version is still current. */
    async #check() {
        const mode = this.#mode;
        const isChanged = await this.#record.reload().catch((error) => {
            // Ignore failures other than 404, because saving and deleting check the version again.
            if (hasStatus(error, 404) && mode === this.#mode) this.#remove();
            return false;
        });
        if (!isChanged) return;
        if (mode === this.#mode) this.#showConflict();
        else if (!this.#mode) this.#showUnderFocus();
    }

    /** Shows a version that arrived after the mode ended; the focus stays on the same button. */
    #showUnderFocus() {
        const buttons = () => [...this.#actions.querySelectorAll('button')];
        const index = buttons().findIndex((one) => one === document.activeElement);
        this.#show();
        buttons()[index]?.focus();
    }

    #edit(takesFocus = false) {
        this.node.dataset.mode = 'editing';
        const { id } = this.person;
        const draft = this.#drafts.get(id);
        this.#record.startFrom(draft?.original ?? this.person);
        const editor = new PersonEditor(this.#record, {
            draft,
            onInput: (names) => this.#drafts.set(id, { ...names, original: this.person }),
            save: (names) => this.#save(names),
            cancel: () => this.#cancel(),
        });
        this.#showConflict = () => {
            this.node.toggleAttribute('data-conflict', editor.showConflict());
        };
        const [first, last, actions] = editor.cells;
        this.#first.replaceChildren(first);
        this.#last.replaceChildren(last);
        this.#actions.replaceChildren(actions);
        if (takesFocus) editor.focus();
        this.#check();
    }

    /** @param {Names} names */
    async #save(names) {
        const result = await this.#record.update(names);
        if (result === 'gone') return this.#remove();
        if (result === 'conflict') return this.#showConflict();
        this.#cancel();
        this.#app.announce(`${this.#name} was saved.`);
    }

    #confirmDeletion() {
        this.node.dataset.mode = 'deleting';
        this.#record.startFrom(this.person);
        const alert = element('div', { class: 'error', role: 'alert' });
        const keep = button('Keep', () => this.#cancel());
        const remove = button('Delete', () => this.#delete(remove, alert), {
            class: 'danger solid',
        });
        const question = element('p', { id: `confirm-${this.person.id}` }, 'Delete for good?');
        this.#actions.replaceChildren(element(
            'div', { role: 'group', 'aria-labelledby': question.id },
            alert, question, element('div', { class: 'buttons' }, remove, keep)));
        this.#showConflict = () => {
            this.#showNames();
            this.node.toggleAttribute('data-conflict', true);
            const { firstName, lastName } = this.person;
            setMessage(alert, element(
                'span', {}, 'Someone else has changed this person in the meantime.'
                    + ' The name is now ',
                isolated(firstName), ' ', isolated(lastName), '.'));
        };
        keep.focus();
        this.#check();
    }

    /**
     * @param {HTMLElement} pressed
     * @param {HTMLElement} alert
     */
    #delete(pressed, alert) {
        return whileBusy(pressed, async () => {
            setMessage(alert);
            try {
                const result = await this.#record.delete();
                if (result === 'conflict') this.#showConflict();
                else this.#remove(`${this.#name} was deleted.`);
            } catch (error) {
                setMessage(alert, errorText(error));
            }
        });
    }

    /** @param {string} [text] the message to show */
    #remove(text = `${this.#name} has already been deleted by someone else.`) {
        this.#drafts.delete(this.person.id);
        this.events.onRemoved();
        this.#app.announce(text);
    }
}
