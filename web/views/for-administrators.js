// @ts-check
import { element, isolated } from '../dom.js';

/** The page for who is logged in, and has not the role that a page is for. */
export default class ForAdministratorsView extends HTMLElement {
    static title = 'For administrators';

    /** @param {import('../app.js').App} app */
    constructor(app) {
        super();
        const name = isolated(app.gatehouse.user?.username ?? '');
        this.append(element(
            'section', { class: 'card' },
            element('h1', { tabindex: -1 }, 'For administrators'),
            element('p', {}, 'This page is for administrators. You are logged in as ', name,
                '.'),
            element('p', {}, element('a', { href: '/' }, 'Back to the start'))));
    }
}

customElements.define('for-administrators-view', ForAdministratorsView);
