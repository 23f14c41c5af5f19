// @ts-check
import { element } from '../dom.js';
import { emailAttributes, Field, form, PasswordField } from '../form.js';
import { Refusal } from '../gatehouse.js';
import { siteNameAfter } from '../layout.js';
import { siteOptions } from '../router.js';

/** The login page; the app redirects after the login. */
export default class LoginView extends HTMLElement {
    static title = 'Log in';

    /**
     * @param {import('../app.js').App} app
     * @param {URL} url
     */
    constructor(app, url) {
        super();
        const username = new Field('username', 'Email', emailAttributes);
        const password = new PasswordField({ autocomplete: 'current-password', required: true });
        this.append(element(
            'section', { class: 'card', 'aria-labelledby': 'title' },
            element('h1', { id: 'title', tabindex: -1 }, 'Log in', siteNameAfter('to')),
            form({
                fields: [username, password],
                action: 'Log in',
                send: async () => {
                    password.show(false);
                    await app.gatehouse
                        .logIn(username.value.trim(), password.value)
                        .catch((error) => {
                            if (error instanceof Refusal && error.status === 401) {
                                password.input.focus();
                                password.input.select();
                            }
                            throw error;
                        });
                },
            }),
            ...(siteOptions.signup === 'open' ? [element(
                'p', { class: 'aside' }, 'No account yet? ',
                element('a', { href: `/signup${url.search}` }, 'Sign up'))] : []),
            element(
                'p', { class: 'aside' }, 'Forgotten your password? ',
                'Ask the people who run this site for a new one.')));
    }
}

customElements.define('login-view', LoginView);
