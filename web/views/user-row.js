// @ts-check
import { button, element, isolated, setMessage, whileBusy } from '../dom.js';
import { answer, json, Refusal } from '../gatehouse.js';
import { withRecentLogin } from '../recent-login.js';
import { dateElement } from '../relative-time.js';
import { errorText } from '../request-errors.js';

/**
 * @typedef {{
 *     id: number, username: string, role: string, disabled: boolean, created: string,
 * }} User
 */

/**
 * A change that an administrator can make to an account.
 *
 * @typedef {object} Action
 * @property {string} text the button's label
 * @property {{role?: string, disabled?: boolean}} change the request's body
 * @property {string} done the end of the success message, after the email address
 * @property {string} [confirmation] the text that the administrator must confirm first
 * @property {boolean} [revokes] true if the account has fewer rights afterwards
 */

/** @type {Record<'promote' | 'demote' | 'disable' | 'enable', Action>} */
const actions = {
    promote: {
        text: 'Make admin',
        change: { role: 'admin' },
        confirmation: 'Administrators see and change all accounts and can delete people.'
            + ' This takes effect at once.',
        done: ' is an administrator now.',
    },
    demote: {
        text: 'Make user',
        change: { role: 'user' },
        confirmation: 'This takes effect at once. They are logged out everywhere,'
            + ' and can log in again as a user.',
        done: ' is a user now, and logged out everywhere.',
        revokes: true,
    },
    disable: {
        text: 'Disable',
        change: { disabled: true },
        confirmation: 'This takes effect at once. They are logged out everywhere,'
            + ' and cannot log in until the account is enabled again.',
        done: ' is disabled, and logged out everywhere.',
        revokes: true,
    },
    enable: {
        text: 'Enable',
        change: { disabled: false },
        done: ' is enabled, and can log in again.',
    },
};

/** An account's row in the list. It shows the account, or asks to confirm a change. */
export class UserRow {
    #user;
    #app;
    #onRemoved;
    #about = element('div', {});
    #actions = element('div', { class: 'actions' });
    #alert = element('div', { class: 'error', role: 'alert' });
    /** The index of the button that was pressed last. */
    #pressed = 0;

    /** The row's element in the list. */
    node = element('li', {}, this.#about, this.#actions, this.#alert);

    /**
     * @param {User} user
     * @param {object} parts
     * @param {import('../app.js').App} parts.app
     * @param {(next: Element | null) => void} parts.onRemoved called with the row to focus next
     */
    constructor(user, { app, onRemoved }) {
        this.#user = user;
        this.#app = app;
        this.#onRemoved = onRemoved;
        this.node.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && this.node.dataset.mode) this.#show(this.#pressed);
        });
        this.#show();
    }

    /** The first button, null if the row has none. */
    get firstButton() {
        return this.#actions.querySelector('button');
    }

    /** @param {number} [focused] index of the button that takes the focus */
    #show(focused) {
        delete this.node.dataset.mode;
        const { username, role, disabled, created } = this.#user;
        // The server refuses to demote or disable the account that sends the request.
        const isOwn = username === this.#app.gatehouse.user?.username;
        const badge = (/** @type {string} */ text, className = '') =>
            element('span', { class: `badge ${className}` }, text);
        this.#about.replaceChildren(
            element(
                'p', { class: 'title' }, isolated(username), ' ',
                role === 'admin' ? badge('Administrator') : badge('User', 'plain'),
                // Mark a name that is not ASCII, because other letters can look like ASCII letters.
                ...(/[^\x20-\x7e]/.test(username) ? [' ', badge('Not ASCII', 'plain')] : []),
                ...(disabled ? [' ', badge('Disabled', 'off')] : []),
                ...(isOwn ? [' ', badge('You', 'plain')] : [])),
            element('p', { class: 'facts' }, 'Joined ', dateElement(created)));
        const offered = isOwn ? [] : [
            role === 'admin' ? actions.demote : actions.promote,
            disabled ? actions.enable : actions.disable,
        ];
        const buttons = offered.map((action, index) => button(
            action.text, () => this.#start(action, index),
            { class: action.revokes ? 'quiet danger' : 'quiet',
                'aria-label': `${action.text}: ${username}` }));
        this.#actions.replaceChildren(element('div', { class: 'buttons' }, ...buttons));
        if (focused !== undefined) buttons[focused]?.focus();
    }

    /**
     * @param {Action} action
     * @param {number} index
     */
    #start(action, index) {
        this.#pressed = index;
        setMessage(this.#alert);
        if (action.confirmation) this.#confirm(action, action.confirmation);
        else this.#change(action, this.#actions.querySelectorAll('button')[index]);
    }

    /**
     * @param {Action} action
     * @param {string} text
     */
    #confirm(action, text) {
        this.node.dataset.mode = action.revokes ? 'revoking' : 'confirming';
        const question = element('p', { id: `confirm-${this.#user.id}` }, text);
        const confirm = button(action.text, () => this.#change(action, confirm), {
            class: action.revokes ? 'danger solid' : 'primary',
        });
        const cancel = button('Cancel', () => this.#show(this.#pressed));
        this.#actions.replaceChildren(element(
            'div', { role: 'group', 'aria-labelledby': question.id },
            question, element('div', { class: 'buttons' }, confirm, cancel)));
        cancel.focus();
    }

    /**
     * @param {Action} action
     * @param {HTMLElement} pressed
     */
    #change(action, pressed) {
        return whileBusy(pressed, async () => {
            setMessage(this.#alert);
            const { id, username } = this.#user;
            const { gatehouse } = this.#app;
            try {
                await withRecentLogin(this.#app, async () => answer(
                    await gatehouse.fetch(`/api/users/${id}`, json('PUT', action.change))));
            } catch (error) {
                this.#fail(error);
                return;
            }
            this.#user = { ...this.#user, ...action.change };
            this.#show(this.#pressed);
            this.#app.announce(element('span', {}, isolated(username), action.done));
        });
    }

    /** @param {unknown} error */
    #fail(error) {
        const status = error instanceof Refusal ? error.status : 0;
        if (status === 404) {
            const next = this.node.nextElementSibling ?? this.node.previousElementSibling;
            this.node.remove();
            this.#onRemoved(next);
            const name = isolated(this.#user.username);
            this.#app.announce(element('span', {}, name, ' has already been removed.'));
            return;
        }
        // A 409 means that this is the signed-in user's own account. The row has buttons because
        // another user was signed in when the row was created. The call of `me` below makes the
        // app create the list again, so the error is shown outside the list.
        if (status === 409) this.#app.announce(errorText(error));
        else setMessage(this.#alert, errorText(error));
        // The signed-in user may have changed (409), or may not be an administrator any more (403).
        if (status === 403 || status === 409) this.#app.gatehouse.me().catch(() => {});
    }
}
