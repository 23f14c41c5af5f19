// @ts-check
import { element } from '../dom.js';
import { emailAttributes, Field, form, PasswordField } from '../form.js';
import { Refusal } from '../gatehouse.js';
import { siteNameAfter } from '../layout.js';
import { loadSiteOptions, siteOptions } from '../router.js';

/** The login page. This view does not redirect after the login, because `App` does. */
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
            passwordHelp()));
    }
}

/** Shows the operator's text about forgotten passwords, or a default text. */
function passwordHelp() {
    const node = element('p', { class: 'aside' });
    const show = () => {
        const { text, address } = siteOptions.passwordHelp ?? {
            text: 'Forgotten your password? Ask the people who run this site for a new one.',
        };
        node.replaceChildren(text);
        if (!address) return;
        const label = address.replace(/^(mailto:|https:\/\/)/, '').replace(/\/?([?#].*)?$/, '');
        // The target makes the router leave the link to the browser, even if the link leads to
        // this site.
        node.append(' ', element('a', { href: address, target: '_self' }, label));
    };
    show();
    loadSiteOptions().then(show);
    return node;
}

customElements.define('login-view', LoginView);
