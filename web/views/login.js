// @ts-check
import { element } from '../dom.js';
import { emailAttributes, Field, form, PasswordField } from '../form.js';
import { Refusal } from '../gatehouse.js';
import { siteNameAfter } from '../layout.js';
import { loadSiteOptions, siteOptions } from '../router.js';

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
            passwordHelp()));
    }
}

/** Says what to do about a forgotten password: what the site's operator has written, if anything. */
function passwordHelp() {
    const node = element('p', { class: 'aside' });
    const show = () => {
        const { text, address } = siteOptions.passwordHelp ?? {
            text: 'Forgotten your password? Ask the people who run this site for a new one.',
        };
        node.replaceChildren(text);
        if (!address) return;
        const label = address.replace(/^(mailto:|https:\/\/)/, '').replace(/\/?([?#].*)?$/, '');
        // With a target, the router leaves a link to this site to the browser.
        node.append(' ', element('a', { href: address, target: '_self' }, label));
    };
    show();
    loadSiteOptions().then(show);
    return node;
}

customElements.define('login-view', LoginView);
