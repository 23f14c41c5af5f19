// @ts-check

/**
 * Turns links and the history into calls of `show`, one page load for all of them.
 *
 * `show` answers the address that is now on the screen (a path may lead on to another), or null
 * where it could not be shown; the address bar then stays as it was.
 */
export class Router {
    #show;

    /** @param {(url: URL) => Promise<URL | null>} show */
    constructor(show) {
        this.#show = show;
    }

    /** Shows the present address and listens from then on. */
    async start() {
        document.addEventListener('click', (event) => this.#follow(event));
        addEventListener('popstate', () => this.#arrive());
        await this.#arrive();
    }

    /**
     * Goes to a path of this site.
     *
     * @param {string} path
     * @param {{replace?: boolean}} options replace: the present entry of the history, so that
     *     Back does not lead to a page that only leads on
     */
    async navigate(path, { replace = false } = {}) {
        const shown = await this.#show(new URL(path, location.origin));
        if (!shown) return;
        if (replace || shown.href === location.href) history.replaceState(null, '', shown);
        else history.pushState(null, '', shown);
        scrollTo(0, 0);
    }

    async #arrive() {
        const shown = await this.#show(new URL(location.href));
        if (shown) history.replaceState(null, '', shown);
    }

    /** @param {MouseEvent} event */
    #follow(event) {
        const hasModifier = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
        const isPlain = event.button === 0 && !hasModifier;
        if (!isPlain || event.defaultPrevented || !(event.target instanceof Element)) return;
        const link = event.target.closest('a');
        if (!link || link.origin !== location.origin || link.target || link.hash) return;
        event.preventDefault();
        this.navigate(link.pathname + link.search);
    }
}

/**
 * Where to go after the login: a path of this site, never another host.
 *
 * @param {string | null} wish what the address bar asks for: anybody can have written it
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
    // A path of two slashes names a host as soon as it is resolved again.
    if (url.origin !== origin || url.pathname.startsWith('//')) return fallback;
    if (['/', '/login', '/signup'].includes(url.pathname)) return fallback;
    return url.pathname + url.search + url.hash;
}
