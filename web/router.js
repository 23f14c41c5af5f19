// @ts-check

/**
 * The class of a view, which is a custom element that is created again for every visit.
 *
 * @typedef {{new (app: import('./app.js').App, url: URL): HTMLElement, title: string}} View
 */

/**
 * A page of the app: its audience, the module of its view, and in `parts` the modules that this
 * view imports in addition to those that every page loads.
 *
 * Anyone outside the audience gets another page. A `guest` is someone who is not signed in.
 *
 * @typedef {{
 *     audience: 'anyone' | 'guest' | 'user' | 'admin', view: string, parts?: string[],
 * }} Route
 */

/** @type {Record<string, Route>} */
const routes = {
    '/login': { audience: 'guest', view: './views/login.js' },
    '/signup': {
        audience: 'guest', view: './views/signup.js',
        parts: ['./new-password-field.js', './password-rules.js'],
    },
    '/people': {
        audience: 'user', view: './views/people.js',
        parts: [
            './views/people-list.js', './views/person-row.js', './views/person-record.js',
            './views/person-names.js', './views/person-editor.js', './views/people-order.js',
            './views/people-pages.js', './views/virtual-rows.js', './views/row-chunk.js',
            './views/unsaved-rows.js', './views/add-person-form.js', './search-field.js',
            './link-header.js',
        ],
    },
    '/users': {
        audience: 'admin', view: './views/users.js',
        parts: [
            './views/user-row.js', './recent-login.js', './search-field.js', './relative-time.js',
            './link-header.js',
        ],
    },
    '/account': {
        audience: 'user', view: './views/account.js',
        parts: [
            './views/session-list.js', './recent-login.js', './relative-time.js',
            './new-password-field.js', './password-rules.js',
        ],
    },
};

/**
 * What the site offers, and how it looks: whether anyone may sign up, whether the site has the
 * People page, the site's name, logo and accent colour, and help with a forgotten password. The
 * name, logo and colour are empty if the operator has not set them, and undefined until that is
 * known.
 *
 * @typedef {{
 *     signup: 'open' | 'closed', people: boolean, name?: string, logo?: string, color?: string,
 *     passwordHelp?: {text: string, address?: string},
 * }} SiteOptions
 */

const optionsKey = 'gatehouse-options';

/**
 * The site's options. Until the server has answered, these are the options of the last visit, so
 * that no link or name appears only to vanish again.
 *
 * @type {SiteOptions}
 */
export const siteOptions = { signup: 'open', people: true };
try {
    Object.assign(siteOptions, JSON.parse(localStorage.getItem(optionsKey) ?? '{}'));
} catch {
    // There is no storage, or it was changed by hand.
}

/** @type {Promise<boolean> | undefined} */
let optionsRequest;

/**
 * Asks the server for the site's options, once.
 *
 * @returns {Promise<boolean>} true if `signup` or `people` differs from the value assumed before
 */
export function loadSiteOptions() {
    optionsRequest ??= requestSiteOptions();
    return optionsRequest;
}

async function requestSiteOptions() {
    const before = { ...siteOptions };
    try {
        const response = await fetch('/api/auth/options', { signal: AbortSignal.timeout(5_000) });
        if (!response.ok) throw new Error(String(response.status));
        const none = { name: '', logo: '', color: '', passwordHelp: undefined };
        Object.assign(siteOptions, none, await response.json());
    } catch {
        // An empty name makes the app show the host name instead, until a later visit on which
        // the server answers.
        siteOptions.name ??= '';
        return false;
    }
    try {
        localStorage.setItem(optionsKey, JSON.stringify(siteOptions));
    } catch {
        // Without storage, the next visit starts with the defaults.
    }
    return before.signup !== siteOptions.signup || before.people !== siteOptions.people;
}

/** @type {Route} */
const notFound = { audience: 'anyone', view: './views/not-found.js' };

/**
 * The page for users who lack the role that the requested page requires.
 *
 * @type {Route}
 */
export const forbidden = { audience: 'user', view: './views/forbidden.js' };

/**
 * Returns the route of a path. One slash at the end of the path makes no difference.
 *
 * @param {string} path
 */
export function routeOf(path) {
    return routes[withoutFinalSlash(path)] ?? notFound;
}

/** @param {string} path */
export function withoutFinalSlash(path) {
    return path.replace(/(.)\/$/, '$1');
}

/** Loads the modules of views. */
export class ViewLoader {
    /** @type {Map<string, number>} the number of failed loads of each module */
    #failures = new Map();

    /**
     * Loads a route's view and, at the same time, the modules that the view imports.
     *
     * If a module could not be loaded, a browser does not request the same address again until the
     * page is reloaded. So after each failure, the module is requested at another address
     * (https://github.com/whatwg/html/issues/6768).
     *
     * @param {Route} route
     * @returns {Promise<View>}
     */
    async load({ view: module, parts = [] }) {
        for (const part of parts) import(part).catch(() => {});
        const failures = this.#failures.get(module) ?? 0;
        try {
            return (await import(failures ? `${module}?again=${failures}` : module)).default;
        } catch (error) {
            this.#failures.set(module, failures + 1);
            throw error;
        }
    }
}

/**
 * Handles links and the browser's history without loading the page again.
 *
 * The function `show` shows the view of an address, and returns that address or, after a redirect,
 * the address of the view that it showed. It returns null if the view on the screen stays. In that
 * case, the router also keeps that view's address in the address bar.
 */
export class Router {
    #show;
    /** @type {URL | undefined} the address of the view on the screen */
    #shown;
    #navigations = 0;

    /** @param {(url: URL) => Promise<URL | null>} show */
    constructor(show) {
        this.#show = show;
    }

    /** Shows the current address and starts to handle links and history. */
    async start() {
        document.addEventListener('click', (event) => this.#follow(event));
        addEventListener('popstate', () => this.#showCurrent());
        await this.#showCurrent();
    }

    /**
     * Opens a path of this site.
     *
     * @param {string} path
     * @param {{replace?: boolean}} options `replace` replaces the current history entry, so that
     *     Back does not return to a page that only redirects
     */
    async navigate(path, { replace = false } = {}) {
        this.#navigations += 1;
        const shown = await this.#show(new URL(path, location.origin));
        if (!shown) return;
        this.#shown = shown;
        if (replace || shown.href === location.href) history.replaceState(null, '', shown);
        else history.pushState(null, '', shown);
        scrollTo(0, 0);
    }

    async #showCurrent() {
        const navigation = (this.#navigations += 1);
        const shown = await this.#show(new URL(location.href));
        if (shown) {
            this.#shown = shown;
            if (shown.href !== location.href) history.replaceState(null, '', shown);
        } else if (navigation === this.#navigations && this.#shown) {
            // The browser has already moved in its history, but the view has not changed. So the
            // view's address is restored.
            history.pushState(null, '', this.#shown);
        }
    }

    /** @param {MouseEvent} event */
    #follow(event) {
        const hasModifier = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
        const isPlain = event.button === 0 && !hasModifier;
        if (!isPlain || event.defaultPrevented || !(event.target instanceof Element)) return;
        const link = event.target.closest('a');
        if (!link || link.origin !== location.origin || link.target) return;
        event.preventDefault();
        // A link within the page must not create the view again, which would lose unsent input.
        if (link.hash) document.getElementById(link.hash.slice(1))?.focus();
        else this.navigate(link.pathname + link.search);
    }
}

/**
 * Returns the login page's address, with a parameter that leads back to `url` after the login.
 *
 * @param {URL} url
 */
export function loginAddress(url) {
    const login = new URL('/login', url);
    login.searchParams.set('return', url.pathname + url.search);
    return login;
}

/**
 * Returns the address to open after the login, which is a path of this site, never another host.
 *
 * @param {string | null} wish the parameter `return`, which an attacker may have chosen
 * @param {string} origin
 * @returns {string}
 */
export function returnAddress(wish, origin) {
    const fallback = '/people';
    if (!wish) return fallback;
    /** @type {URL} */
    let url;
    try {
        url = new URL(wish, origin);
    } catch {
        return fallback;
    }
    // A path that begins with two slashes would name a host when it is resolved as an address.
    if (url.origin !== origin || url.pathname.startsWith('//')) return fallback;
    if (['/', '/login', '/signup'].includes(url.pathname)) return fallback;
    return url.pathname + url.search + url.hash;
}
