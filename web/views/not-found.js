// @ts-check
import { element } from '../dom.js';

/** The page for an address that does not exist. */
export default class NotFoundView extends HTMLElement {
    static title = 'Not found';

    /**
     * @param {import('../app.js').App} _app
     * @param {URL} url
     */
    constructor(_app, url) {
        super();
        this.append(element(
            'section', { class: 'card' },
            element('h1', { tabindex: -1 }, 'Not found'),
            element('p', {}, 'There is nothing at ', element('code', {}, url.pathname), '.'),
            element('p', {}, element('a', { href: '/' }, 'Back to the start'))));
    }
}

customElements.define('not-found-view', NotFoundView);
