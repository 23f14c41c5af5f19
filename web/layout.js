// @ts-check
import {
    button, element, isolated, markWaiting, setMessage, waitingText, whileBusy,
} from './dom.js';
import { Refusal, Unreachable } from './gatehouse.js';
import { errorProblem, Retry } from './request-errors.js';
import { loadSiteOptions, siteOptions } from './router.js';

/** @param {string} id */
const region = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Returns an element that contains a word and the site's name, such as " to My club". The element
 * is empty if the site has no name, and until the name is known.
 *
 * @param {string} word
 */
export function siteNameAfter(word) {
    const node = element('span');
    const show = () => {
        const { name } = siteOptions;
        node.replaceChildren(...(name ? [` ${word} `, isolated(name)] : []));
    };
    show();
    loadSiteOptions().then(show);
    return node;
}

/** The parts of index.html around the view: the navigation, banner, notice and toast. */
export class Layout {
    #navigation = region('account');
    #banner = region('connection');
    #notice = region('notice');
    #view = region('view');
    #toast = region('status');
    #waiting = region('waiting');
    #title = document.title;
    #mark = /** @type {Element} */ (document.querySelector('.brand svg'));
    #icon = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel=icon]'));
    #iconAddress = this.#icon.href;
    /** @type {number | undefined} */
    #toastTimer;

    constructor() {
        this.showSite();
    }

    /** Shows the site's name, logo and colour, as far as they are known. */
    showSite() {
        const { name, logo, color } = siteOptions;
        region('site').textContent = name === '' ? location.hostname : name ?? '';
        this.#showTitle();
        const { documentElement: root } = document;
        root.toggleAttribute('data-color', Boolean(color));
        root.style.setProperty('--site-color', color ?? '');
        const mark = document.querySelector('.brand :is(svg, img)');
        if ((mark?.getAttribute('src') ?? '') === (logo ?? '')) return;
        const image = element('img', { src: logo, alt: '' });
        image.addEventListener('error', () => image.replaceWith(this.#mark));
        mark?.replaceWith(logo ? image : this.#mark);
        this.#icon.removeAttribute('type');
        this.#icon.href = logo || this.#iconAddress;
    }

    #showTitle() {
        const name = region('site').textContent;
        document.title = name ? `${this.#title} · ${name}` : this.#title;
    }

    /** True until the first view is shown. */
    get isEmpty() {
        return !this.#view.hasChildNodes();
    }

    /**
     * Replaces the view on the screen by another one, with a notice above it.
     *
     * @param {HTMLElement} node
     * @param {string} title
     * @param {string} notice
     */
    place(node, title, notice) {
        this.#view.hidden = false;
        const isFirst = this.isEmpty;
        this.#title = title;
        this.#showTitle();
        this.#view.replaceChildren(node);
        setMessage(this.#notice, notice);
        const { activeElement } = document;
        if (isFirst && activeElement !== document.body) return;
        // On a touch screen, a focused field opens the on-screen keyboard, which would cover most
        // of a small screen.
        const field = matchMedia('(pointer: coarse)').matches
            ? null : node.querySelector('[data-first-focus]');
        // A screen reader reads out the first view when the page loads. It reads out a later view
        // only if the focus moves into that view.
        const focused = field ?? (isFirst ? null : node.querySelector('h1'));
        if (focused instanceof HTMLElement) focused.focus();
    }

    /**
     * Shows that the next view is being loaded, if another view is still on the screen.
     *
     * @template T
     * @param {Promise<T>} view
     */
    async whileLoading(view) {
        const text = waitingText();
        if (!this.isEmpty) this.#waiting.replaceChildren(text);
        try {
            return await view;
        } finally {
            text.remove();
        }
    }

    /**
     * Shows a message for some seconds, such as the result of an action.
     *
     * @param {string | Node} content
     */
    announce(content) {
        setMessage(this.#toast, content, 'toast');
        clearTimeout(this.#toastTimer);
        this.#toastTimer = window.setTimeout(() => setMessage(this.#toast), 6_000);
    }

    /** Hides what only the user may see, until `reveal` is called or another view is placed. */
    conceal() {
        this.#navigation.hidden = this.#view.hidden = true;
        setMessage(this.#notice);
        setMessage(this.#toast);
    }

    reveal() {
        this.#navigation.hidden = this.#view.hidden = false;
    }

    /**
     * Sets the banner about the connection. A screen reader does not repeat an unchanged message.
     *
     * @param {string} text the message; an empty one removes the banner
     */
    setBanner(text) {
        if (this.#banner.textContent !== text) setMessage(this.#banner, text);
    }

    /**
     * Shows in the banner why the app does not work.
     *
     * @param {unknown} error
     */
    showConnectionError(error) {
        // If the browser is offline, the banner already says so.
        if (!navigator.onLine) return;
        const isFromRequest = error instanceof Unreachable || error instanceof Refusal;
        this.setBanner(isFromRequest ? errorProblem(error) : 'The page could not be loaded.');
    }

    /**
     * Shows the navigation links for a user, and marks the current page.
     *
     * @param {import('./gatehouse.js').User | null | undefined} user
     * @param {string} path of the current page
     * @param {() => Promise<void>} logOut
     */
    showNavigation(user, path, logOut) {
        const link = (/** @type {string} */ to, /** @type {string} */ text) =>
            element('a', { href: to, 'aria-current': to === path && 'page' }, text);
        this.#navigation.hidden = false;
        if (!user) {
            const signUp = siteOptions.signup === 'open' ? [link('/signup', 'Sign up')] : [];
            this.#navigation.replaceChildren(link('/login', 'Log in'), ...signUp);
            return;
        }
        const { username } = user;
        const isAdmin = user.role === 'admin';
        const name = element('span', { class: 'username', title: username }, isolated(username));
        const role = isAdmin ? [element('span', { class: 'badge' }, 'admin')] : [];
        const people = siteOptions.people ? [link('/people', 'People')] : [];
        const users = isAdmin ? [link('/users', 'Users')] : [];
        const out = button('Log out', () => whileBusy(out, logOut), { class: 'quiet' });
        this.#navigation.replaceChildren(
            element('span', { class: 'links' }, ...people, ...users, link('/account', 'Account')),
            element('span', { class: 'who' }, name, ...role), out);
    }
}

/**
 * The page that is shown while the server cannot be reached and the app does not know yet who is
 * signed in. The page retries on its own.
 */
export class OfflinePage {
    #attempt;
    #onStillOffline;
    #isTrying = false;
    #retry = new Retry(() => this.#try());
    #button = button('Try now', () => this.#press(), { class: 'primary' });

    /** The page's element. */
    node = element(
        'section', { class: 'card', 'aria-labelledby': 'offline' },
        element('h1', { id: 'offline', tabindex: -1 }, 'Not available'),
        element('p', {}, 'This page keeps trying, and opens as soon as the server answers.'),
        this.#button);

    /** @type {URL | undefined} the address to open once the server answers */
    url;

    /**
     * @param {(url: URL) => Promise<void>} attempt opens the address; must call `retryAfter` after
     *     a failure, and `stop` after a success
     * @param {() => void} onStillOffline called if an attempt that the user started fails
     */
    constructor(attempt, onStillOffline) {
        this.#attempt = attempt;
        this.#onStillOffline = onStillOffline;
    }

    /**
     * Schedules another attempt to open an address.
     *
     * @param {URL} url
     * @param {unknown} error why the last attempt failed
     */
    retryAfter(url, error) {
        this.url = url;
        this.#retry.schedule(error);
    }

    /** Stops retrying, because another page is shown. */
    stop() {
        this.#retry.stop();
    }

    async #press() {
        await this.#try();
        if (this.node.isConnected) this.#onStillOffline();
    }

    async #try() {
        if (this.#isTrying || !this.url) return;
        this.#isTrying = true;
        // The property `disabled` would take the focus from the button.
        this.#button.setAttribute('aria-disabled', 'true');
        const endWaiting = markWaiting(this.#button);
        this.#retry.pause();
        try {
            await this.#attempt(this.url);
        } finally {
            this.#isTrying = false;
            endWaiting();
            this.#button.removeAttribute('aria-disabled');
        }
    }
}
