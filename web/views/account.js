// @ts-check
import { element, isolated, setMessage } from '../dom.js';
import { form, PasswordField } from '../form.js';
import { Refusal } from '../gatehouse.js';
import { NewPasswordField } from '../new-password-field.js';
import { SessionList } from './session-list.js';

/** The account page: the user, a form to change the password, and the sessions. */
export default class AccountView extends HTMLElement {
    static title = 'Account';

    #app;
    #sessions;
    #current = new PasswordField(
        { autocomplete: 'current-password', required: true },
        { name: 'currentPassword', label: 'Current password' });
    #next = new NewPasswordField({ label: 'New password' });
    #done = element('div', { class: 'done', role: 'status' });

    /** @param {import('../app.js').App} app */
    constructor(app) {
        super();
        this.#app = app;
        this.#sessions = new SessionList(app);
        this.append(
            element('h1', { tabindex: -1 }, 'Account'),
            this.#about(), this.#passwordForm(), this.#sessions.node);
    }

    connectedCallback() {
        this.#sessions.start();
    }

    disconnectedCallback() {
        this.#sessions.stop();
    }

    #about() {
        const { username = '', role = '' } = this.#app.gatehouse.user ?? {};
        return element(
            'section', { class: 'panel', 'aria-labelledby': 'you' },
            element('h2', { id: 'you' }, 'You'),
            element(
                'dl', {},
                element('div', {}, element('dt', {}, 'Email'),
                    element('dd', {}, isolated(username))),
                element('div', {}, element('dt', {}, 'Role'),
                    element('dd', {}, role === 'admin' ? 'Administrator' : 'User'))));
    }

    #passwordForm() {
        const fields = [this.#current, this.#next];
        const node = form({
            fields, action: 'Change password', send: () => this.#change(),
        });
        // Password managers need the user name that the password belongs to.
        node.prepend(element('input', {
            type: 'text', name: 'username', autocomplete: 'username', hidden: true,
            readonly: true, value: this.#app.gatehouse.user?.username ?? '',
        }));
        node.addEventListener('input', () => setMessage(this.#done));
        return element(
            'section', { class: 'panel', 'aria-labelledby': 'password' },
            element('h2', { id: 'password' }, 'Password'), node, this.#done);
    }

    async #change() {
        const [current, next] = [this.#current, this.#next];
        setMessage(this.#done);
        current.show(false);
        next.show(false);
        try {
            await this.#app.gatehouse.changePassword(current.value, next.value);
        } catch (error) {
            if (!isWrongPassword(error)) throw error;
            current.error = 'This is not your current password';
            current.input.select();
            return;
        }
        current.value = '';
        next.clear();
        setMessage(this.#done, 'Your password is changed. All other devices were logged out.');
        await this.#sessions.load();
    }
}

/** @param {unknown} error */
function isWrongPassword(error) {
    return error instanceof Refusal && error.message === 'Current password is incorrect';
}

customElements.define('account-view', AccountView);
