// @ts-check
// This import only preloads a module that nearly all views need. If a module fails to load, the
// browser never requests it again until the page is reloaded. So if form.js fails to load, the app
// must not start, and index.html offers a reload.
import './form.js';
import { Gatehouse } from './gatehouse.js';
import { Layout, OfflinePage } from './layout.js';
import { errorText } from './request-errors.js';
import {
    forbidden, loadSiteOptions, loginAddress, returnAddress, routeOf, Router, siteOptions,
    ViewLoader, withoutFinalSlash,
} from './router.js';

/**
 * The single-page app. It shows the view of the page's address if the user belongs to the view's
 * audience, and reacts when the user logs in or out.
 */
export class App {
    gatehouse = new Gatehouse();

    #layout = new Layout();
    #router = new Router((url) => this.#show(url));
    #views = new ViewLoader();
    #offline = new OfflinePage(
        (url) => {
            if (this.#shown) return this.#recognize(url);
            const path = url.pathname + url.search + url.hash;
            return this.#router.navigate(path, { replace: true });
        },
        () => this.announce('Still not available.'));
    /** @type {import('./router.js').Route | undefined} the route of the view on the screen */
    #shown;
    #visits = 0;
    /** The message to show above the next view. */
    #notice = '';
    /** The message to show when the current logout is complete; empty if no logout is running. */
    #logoutNotice = '';
    #isChecking = false;
    /** True if the user may have changed while the browser kept this page in its cache. */
    #isUnsure = false;
    /** @type {Map<string, Map<any, any>>} the unsent input of each view, by the view's name */
    #drafts = new Map();
    /** The name of the user who typed the drafts. */
    #draftsOwner = '';

    start() {
        this.gatehouse.addEventListener('change', ({ detail: { user, expired } }) => {
            if (user ? user.username !== this.#draftsOwner : !expired) this.#drafts.clear();
            if (user) this.#draftsOwner = user.username;
            this.#followSession(user, expired);
        });
        addEventListener('focus', () => this.#checkSession());
        document.addEventListener('visibilitychange', () => this.#checkSession());
        // The Back button can restore a page from the browser's cache as the user left it. So
        // conceal the view when the user leaves, until the session has been checked.
        addEventListener('pagehide', ({ persisted }) => persisted && this.#conceal());
        addEventListener('pageshow', ({ persisted }) => persisted && this.#checkRestored());
        addEventListener('offline', () => this.#layout.setBanner(
            'You are offline. What you type is kept, but cannot be sent.'));
        addEventListener('online', () => this.#layout.setBanner(''));
        this.#followOptions();
        return this.#router.start();
    }

    /**
     * Opens a path of this site and shows the notice above its view.
     *
     * @param {string} path
     * @param {{replace?: boolean, notice?: string}} [options]
     */
    async navigate(path, options = {}) {
        this.#notice = options.notice ?? '';
        await this.#router.navigate(path, options);
    }

    async #followOptions() {
        const hasNewOffers = await loadSiteOptions();
        this.#layout.showSite();
        if (!hasNewOffers) return;
        const { pathname, search } = location;
        this.navigate(pathname + search, { replace: true });
    }

    /** @param {{everywhere?: boolean}} [options] */
    async logOut(options = {}) {
        this.#logoutNotice = options.everywhere
            ? 'You are logged out everywhere.' : 'You are logged out.';
        try {
            await this.gatehouse.logOut(options);
        } catch (error) {
            this.announce(`You are still logged in. ${errorText(error)}`);
        } finally {
            this.#logoutNotice = '';
        }
    }

    /**
     * Returns the input that the user typed into a view and has not sent yet. This input outlives
     * a session that expires. It is dropped when the user logs out or another user logs in.
     *
     * @param {string} view
     * @returns {Map<any, any>}
     */
    draftsOf(view) {
        const drafts = this.#drafts.get(view) ?? new Map();
        this.#drafts.set(view, drafts);
        return drafts;
    }

    /**
     * Shows a message for some seconds, such as the result of an action.
     *
     * @param {string | Node} content
     */
    announce(content) {
        this.#layout.announce(content);
    }

    /**
     * Shows the view of an address, or of the address to which it redirects.
     *
     * @param {URL} url
     * @returns {Promise<URL | null>} the address on the screen, null if nothing new is shown
     */
    async #show(url) {
        const visit = (this.#visits += 1);
        const path = withoutFinalSlash(url.pathname);
        if (path === '/people' && !siteOptions.people) return this.#show(new URL('/account', url));
        if (path === '/signup') await loadSiteOptions();
        if (path === '/signup' && siteOptions.signup === 'closed') {
            this.#notice ||= 'Only the operator of this site adds accounts.';
            return this.#show(new URL(`/login${url.search}`, url));
        }
        let route = routeOf(path);
        try {
            const isUnknown = this.gatehouse.user === undefined || this.#isUnsure;
            const isAsked = path === '/' ? this.#isWorthAsking : route.audience !== 'guest';
            if (isUnknown && isAsked) {
                // Load the view while the server is asked who is signed in. A failure is ignored
                // here, because the view is loaded again below.
                if (path !== '/') this.#views.load(route).catch(() => {});
                await this.gatehouse.me();
                this.#isUnsure = false;
            }
        } catch (error) {
            return visit === this.#visits ? this.#showOffline(url, error) : null;
        }
        if (path === '/') return this.#show(new URL(this.#isUser ? '/people' : '/login', url));
        if (route.audience === 'guest' && this.#isUser) {
            const wish = url.searchParams.get('return');
            return this.#show(new URL(returnAddress(wish, url.origin), url));
        }
        if (!this.#isFor(route) && this.#isUser) route = forbidden;
        if (!this.#isFor(route)) {
            this.#notice ||= 'Please log in to see this page.';
            return this.#show(loginAddress(url));
        }

        /** @type {import('./router.js').View} */
        let view;
        try {
            view = await this.#layout.whileLoading(this.#views.load(route));
        } catch (error) {
            if (visit !== this.#visits) return null;
            // The view on the screen stays, with everything that was typed into it.
            if (this.#shown && this.#isFor(this.#shown)) {
                this.announce('The page could not be loaded. Please try again in a moment.');
                return null;
            }
            return this.#showOffline(url, error);
        }
        if (visit !== this.#visits) return null;
        this.#shown = route;
        this.#becomeOnline();
        this.#layout.place(new view(this, url), view.title, this.#notice);
        this.#notice = '';
        this.#layout.showNavigation(this.gatehouse.user, path, () => this.logOut());
        if (this.gatehouse.user === undefined && this.#isWorthAsking) this.#recognize(url);
        return url;
    }

    /**
     * Asks the server who is signed in, while a page for guests is already on the screen. Nearly
     * all visitors of such a page are guests, who need not wait for the response. A signed-in user
     * is redirected by the `change` event.
     *
     * @param {URL} url
     */
    async #recognize(url) {
        try {
            await this.gatehouse.me();
            this.#becomeOnline();
        } catch (error) {
            this.#offline.retryAfter(url, error);
            this.#layout.showConnectionError(error);
        }
    }

    /**
     * Whether `/` or a page for guests should ask the server who is signed in. False if this
     * browser knows that no one is signed in. A redirect makes this true, because it may come from
     * a login with a plain HTML form.
     */
    get #isWorthAsking() {
        /** @type {any} */
        const [load] = performance.getEntriesByType('navigation');
        return load?.redirectCount > 0 || this.gatehouse.wasSignedIn !== false;
    }

    get #isUser() {
        return Boolean(this.gatehouse.user);
    }

    get #isAdmin() {
        return this.gatehouse.user?.role === 'admin';
    }

    /** @param {import('./router.js').Route} route */
    #isFor({ audience }) {
        if (audience === 'anyone') return true;
        if (audience === 'admin') return this.#isAdmin;
        return this.#isUser === (audience === 'user');
    }

    /**
     * Shows the offline page, because the server did not answer or the view could not be loaded.
     *
     * @param {URL} url
     * @param {unknown} error
     */
    #showOffline(url, error) {
        const { node } = this.#offline;
        const isSame = node.isConnected && this.#offline.url?.href === url.href;
        this.#offline.retryAfter(url, error);
        this.#layout.showConnectionError(error);
        if (!node.isConnected) {
            // The offline page shows no notice. The notice is kept for the next view.
            this.#layout.place(node, 'Not available', '');
        }
        this.#shown = undefined;
        return isSame ? null : url;
    }

    #becomeOnline() {
        this.#offline.stop();
        if (navigator.onLine) this.#layout.setBanner('');
    }

    /** Checks whether the session was ended elsewhere; called when the user returns to the tab. */
    async #checkSession() {
        if (this.#isChecking || document.hidden || !this.#isUser) return;
        this.#isChecking = true;
        await this.gatehouse.me().catch(() => {});
        this.#isChecking = false;
    }

    #conceal() {
        if (!this.#isUser) return;
        this.#isUnsure = true;
        if (this.#shown) this.#layout.conceal();
    }

    /** Reveals the restored view if the server says that the same user is still signed in. */
    async #checkRestored() {
        this.#conceal();
        const before = this.gatehouse.user;
        if (!before && !this.#isWorthAsking) return;
        try {
            const user = await this.gatehouse.me();
            this.#isUnsure = false;
            // For another user, `me` has dispatched the event `change`, which shows another view.
            const isSame = before?.username === user?.username && before?.role === user?.role;
            if (isSame) this.#layout.reveal();
        } catch (error) {
            if (before) this.#showOffline(new URL(location.href), error);
        }
    }

    /**
     * @param {import('./gatehouse.js').User | null} user
     * @param {boolean} expired
     */
    #followSession(user, expired) {
        if (this.#layout.isEmpty) return;
        const here = new URL(location.href);
        if (user) this.navigate(here.pathname + here.search, { replace: true });
        else if (expired && !this.#logoutNotice) {
            const { pathname, search } = loginAddress(here);
            this.navigate(
                pathname + search, { notice: 'Your session has ended. Please log in again.' });
        } else this.navigate('/login', { notice: this.#logoutNotice || 'You are logged out.' });
    }
}

new App().start();
