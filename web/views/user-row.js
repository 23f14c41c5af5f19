// @ts-check
import { button, element, isolated, say } from '../dom.js';
import { sentence } from '../form.js';
import { answer, json, Refusal } from '../gatehouse.js';
import { day } from '../moment.js';

/**
 * @typedef {{
 *     id: number, username: string, role: string, disabled: boolean, created: string,
 * }} User
 */

/**
 * What can be done with an account.
 *
 * @typedef {object} Action
 * @property {string} text the button's
 * @property {{role?: string, disabled?: boolean}} change
 * @property {string} done what to tell, behind the address
 * @property {string} [question] asked before
 * @property {boolean} [takes] whether the account has less afterwards
 */

/** @type {Record<'promote' | 'demote' | 'disable' | 'enable', Action>} */
const actions = {
    promote: {
        text: 'Make admin',
        change: { role: 'admin' },
        question: 'Administrators see and change all accounts and can delete people.'
            + ' This takes effect at once.',
        done: ' is an administrator now.',
    },
    demote: {
        text: 'Make user',
        change: { role: 'user' },
        question: 'This takes effect at once. With fewer rights they are logged out everywhere,'
            + ' and can log in again as a user.',
        done: ' is a user now, and logged out everywhere.',
        takes: true,
    },
    disable: {
        text: 'Disable',
        change: { disabled: true },
        question: 'This takes effect at once. They are logged out everywhere,'
            + ' and cannot log in until the account is enabled again.',
        done: ' is disabled, and logged out everywhere.',
        takes: true,
    },
    enable: {
        text: 'Enable',
        change: { disabled: false },
        done: ' is enabled, and can log in again.',
    },
};

/** An account's row: shown, or about to be changed. */
export class UserRow {
    #user;
    #app;
    #onRemoved;
    #about = element('div', {});
    #actions = element('div', { class: 'actions' });
    #alert = element('div', { class: 'error', role: 'alert' });
    /** The button that was pressed last. */
    #asked = 0;

    /** The list's item. */
    node = element('li', {}, this.#about, this.#actions, this.#alert);

    /**
     * @param {User} user
     * @param {object} parts
     * @param {import('../app.js').App} parts.app
     * @param {(next: Element | null) => void} parts.onRemoved gets the row to go on with
     */
    constructor(user, { app, onRemoved }) {
        this.#user = user;
        this.#app = app;
        this.#onRemoved = onRemoved;
        this.node.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && this.node.dataset.mode) this.#show(this.#asked);
        });
        this.#show();
    }

    /** Where the focus goes in this row, null where nothing can be done. */
    get firstAction() {
        return this.#actions.querySelector('button');
    }

    /** @param {number} [focused] which of the buttons takes the focus */
    #show(focused) {
        delete this.node.dataset.mode;
        const { username, role, disabled, created } = this.#user;
        // The server refuses to take anything from the own account.
        const isOwn = username === this.#app.gatehouse.user?.username;
        const badge = (/** @type {string} */ text, className = '') =>
            element('span', { class: `badge ${className}` }, text);
        this.#about.replaceChildren(
            element(
                'p', { class: 'title' }, isolated(username), ' ',
                role === 'admin' ? badge('Administrator') : badge('User', 'plain'),
                ...(disabled ? [' ', badge('Disabled', 'off')] : []),
                ...(isOwn ? [' ', badge('You', 'plain')] : [])),
            element('p', { class: 'facts' }, 'Joined ', day(created)));
        const offered = isOwn ? [] : [
            role === 'admin' ? actions.demote : actions.promote,
            disabled ? actions.enable : actions.disable,
        ];
        const buttons = offered.map((action, index) => button(
            action.text, () => this.#start(action, index),
            { class: action.takes ? 'quiet danger' : 'quiet',
                'aria-label': `${action.text}: ${username}` }));
        this.#actions.replaceChildren(element('div', { class: 'buttons' }, ...buttons));
        if (focused !== undefined) buttons[focused]?.focus();
    }

    /**
     * @param {Action} action
     * @param {number} index
     */
    #start(action, index) {
        this.#asked = index;
        say(this.#alert);
        if (action.question) this.#ask(action, action.question);
        else this.#change(action, this.#actions.querySelectorAll('button')[index]);
    }

    /**
     * @param {Action} action
     * @param {string} text
     */
    #ask(action, text) {
        this.node.dataset.mode = action.takes ? 'taking' : 'asking';
        const question = element('p', { id: `ask-${this.#user.id}` }, text);
        const confirm = button(action.text, () => this.#change(action, confirm), {
            class: action.takes ? 'danger solid' : 'primary',
        });
        const cancel = button('Cancel', () => this.#show(this.#asked));
        this.#actions.replaceChildren(element(
            'div', { role: 'group', 'aria-labelledby': question.id },
            question, element('div', { class: 'buttons' }, confirm, cancel)));
        cancel.focus();
    }

    /**
     * @param {Action} action
     * @param {HTMLElement} pressed
     */
    async #change(action, pressed) {
        if (pressed.getAttribute('aria-disabled') === 'true') return;
        pressed.setAttribute('aria-disabled', 'true');
        say(this.#alert);
        const { id, username } = this.#user;
        const { gatehouse } = this.#app;
        try {
            await answer(await gatehouse.fetch(`/api/users/${id}`, json('PUT', action.change)));
        } catch (error) {
            this.#fail(error, pressed);
            return;
        }
        this.#user = { ...this.#user, ...action.change };
        say(this.#alert);
        this.#show(this.#asked);
        this.#app.announce(element('span', {}, isolated(username), action.done));
    }

    /**
     * @param {unknown} error
     * @param {HTMLElement} pressed
     */
    #fail(error, pressed) {
        pressed.removeAttribute('aria-disabled');
        const status = error instanceof Refusal ? error.status : 0;
        if (status === 404) {
            const next = this.node.nextElementSibling ?? this.node.previousElementSibling;
            this.node.remove();
            this.#onRemoved(next);
            const name = isolated(this.#user.username);
            this.#app.announce(element('span', {}, name, ' had been removed.'));
            return;
        }
        // The own account, yet with buttons: somebody else logged in meanwhile, for whom the page
        // is made anew.
        if (status === 409) this.#app.announce(sentence(error));
        else say(this.#alert, sentence(error));
        // Also for whoever is no administrator any more.
        if (status === 403 || status === 409) this.#app.gatehouse.me().catch(() => {});
    }
}
