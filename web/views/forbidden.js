// @ts-check
import { element, isolated } from '../dom.js';

/** The page for users who lack the role that a page requires. */
export default class ForbiddenView extends HTMLElement {
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

customElements.define('forbidden-view', ForbiddenView);
