// @ts-check

/**
 * Turns links and the history into calls of `show`, one page load for all of them.
 *
 * `show` answers the address that is now on the screen (a path may lead on to another), or null
 * where it could not be shown; the address bar then stays as it was.
 */
export class Router {
    #show;
    /** @type {URL | undefined} the address of what is on the screen */
    #shown;
    #moves = 0;

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
        this.#moves += 1;
        const shown = await this.#show(new URL(path, location.origin));
        if (!shown) return;
        this.#shown = shown;
        if (replace || shown.href === location.href) history.replaceState(null, '', shown);
        else history.pushState(null, '', shown);
        scrollTo(0, 0);
    }

    async #arrive() {
        const move = (this.#moves += 1);
        const shown = await this.#show(new URL(location.href));
        if (shown) {
            this.#shown = shown;
            if (shown.href !== location.href) history.replaceState(null, '', shown);
        } else if (move === this.#moves && this.#shown) {
            // The browser has gone back already, the page has not.
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
        // Within the page nothing is to be shown anew: what was typed would be lost.
        if (link.hash) document.getElementById(link.hash.slice(1))?.focus();
        else this.navigate(link.pathname + link.search);
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
