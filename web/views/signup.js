// @ts-check
import { element } from '../dom.js';
import { emailAttributes, Field, form } from '../form.js';
import { Refusal } from '../gatehouse.js';
import { siteNameAfter } from '../layout.js';
import { NewPasswordField } from '../new-password-field.js';

/** The page that creates an account and then signs in to it. */
export default class SignupView extends HTMLElement {
    static title = 'Sign up';

    #app;
    #email = new Field('email', 'Email', emailAttributes);
    #password = new NewPasswordField();

    /**
     * @param {import('../app.js').App} app
     * @param {URL} url
     */
    constructor(app, url) {
        super();
        this.#app = app;
        this.append(element(
            'section', { class: 'card', 'aria-labelledby': 'title' },
            element('h1', { id: 'title', tabindex: -1 }, 'Sign up', siteNameAfter('for')),
            form({
                fields: [this.#email, this.#password],
                action: 'Sign up',
                send: () => this.#signUp(),
            }),
            element(
                'p', { class: 'aside' }, 'Have an account? ',
                element('a', { href: `/login${url.search}` }, 'Log in'))));
    }

    async #signUp() {
        const { gatehouse } = this.#app;
        const email = this.#email.value.trim();
        const password = this.#password.value;
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

customElements.define('signup-view', SignupView);
