// @ts-check
import { element } from '../dom.js';
import { addressAttributes, Field, form, PasswordField } from '../form.js';
import { Refusal } from '../gatehouse.js';
import { generatorRules, passwordRules } from '../rules.js';

/** The page on which one makes an account, and is signed in at once. */
export default class SignupView extends HTMLElement {
    static title = 'Sign up';

    #app;
    #rules = new RuleList();
    #email = new Field('email', 'Email', addressAttributes);
    #password = new PasswordField(
        { autocomplete: 'new-password', required: true, passwordrules: generatorRules },
        { hint: this.#rules.node });

    /**
     * @param {import('../app.js').App} app
     * @param {URL} url
     */
    constructor(app, url) {
        super();
        this.#app = app;
        const input = this.#password.input;
        input.addEventListener('input', () => {
            if (this.#rules.check(input.value)) this.#password.error = '';
        });
        this.append(element(
            'section', { class: 'card', 'aria-labelledby': 'title' },
            element('h1', { id: 'title', tabindex: -1 }, 'Sign up'),
            form({
                fields: [this.#email, this.#password],
                action: 'Sign up',
                send: () => this.#signUp(),
            }),
            element(
                'p', { class: 'aside' }, 'You have an account? ',
                element('a', { href: `/login${url.search}` }, 'Log in'))));
    }

    async #signUp() {
        const { gatehouse } = this.#app;
        const email = this.#email.value.trim();
        const password = this.#password.value;
        if (!this.#rules.check(password)) {
            this.#password.error = 'The password does not meet every rule yet';
        }
        if (email === '') this.#email.error = 'Email is required';
        if (this.#password.hasError || this.#email.hasError) return;

        this.#password.show(false);
        try {
            await gatehouse.signUp(email, password);
        } catch (error) {
            if (!(error instanceof Refusal && error.status === 409)) throw error;
            this.#email.error = 'There is already an account with this email';
            return;
        }
        await gatehouse.logIn(email, password).catch(() => this.#app.navigate('/login', {
            notice: 'Your account is ready. Please log in.',
        }));
    }
}

/** The password's rules, each ticked as soon as it is met. */
class RuleList {
    #items = passwordRules.map(({ text }) => ({
        node: element('li', {}, text),
        state: element('span', { class: 'unseen' }),
    }));
    #summary = element('div', { class: 'unseen', role: 'status' });
    #list = element('ul', {}, ...this.#items.map((item) => item.node));

    /** The list and, for screen readers, how much is left. */
    node = element('div', { class: 'rules' }, this.#list, this.#summary);

    constructor() {
        for (const { node, state } of this.#items) node.append(state);
    }

    /**
     * Ticks what is met.
     *
     * @param {string} password
     * @returns {boolean} whether all is met
     */
    check(password) {
        const met = passwordRules.map((rule) => rule.isMet(password));
        met.forEach((isMet, index) => {
            this.#items[index].node.classList.toggle('met', isMet);
            this.#items[index].state.textContent = isMet ? ', done' : '';
        });
        const left = met.filter((isMet) => !isMet).length;
        const text = left === 0 ? 'All password rules are met' : `${left} password rules to go`;
        // Said again only when it changes, not at every key.
        if (this.#summary.textContent !== text) this.#summary.textContent = text;
        return left === 0;
    }
}

customElements.define('signup-view', SignupView);
