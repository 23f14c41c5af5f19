// @ts-check
// Imported for its loading only: nearly all views need it, and a browser never requests a module
// again that failed to load. If it fails, the app must not start, and index.html offers a reload.
import './form.js';
import { Gatehouse } from './gatehouse.js';
import { Layout, OfflinePage } from './layout.js';
import { errorText } from './request-errors.js';
import {
    forbidden, loginAddress, returnAddress, routeOf, Router, ViewLoader, withoutFinalSlash,
} from './router.js';

/** The page: shows the view of each address to the users it is for, and follows the session. */
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
    /** @type {import('./router.js').Route | undefined} the route on the screen */
    #shown;
    #visits = 0;
    /** The message for the next view. */
    #notice = '';
    /** The message after a logout that this page asked for, while that runs. */
    #logoutNotice = '';
    #isChecking = false;
    /** @type {Map<string, Map<any, any>>} by view */
    #drafts = new Map();
    /** The user who typed the drafts. */
    #draftsOwner = '';

    start() {
        this.gatehouse.addEventListener('change', ({ detail: { user, expired } }) => {
            if (user ? user.username !== this.#draftsOwner : !expired) this.#drafts.clear();
            if (user) this.#draftsOwner = user.username;
            this.#followSession(user, expired);
        });
        addEventListener('focus', () => this.#checkSession());
        document.addEventListener('visibilitychange', () => this.#checkSession());
        addEventListener('offline', () => this.#layout.setBanner(
            'You are offline. What you type is kept, but cannot be sent.'));
        addEventListener('online', () => this.#layout.setBanner(''));
        return this.#router.start();
    }

    /**
     * Goes to a path of this site; the notice is shown above its view.
     *
     * @param {string} path
     * @param {{replace?: boolean, notice?: string}} [options]
     */
    async navigate(path, options = {}) {
        this.#notice = options.notice ?? '';
        await this.#router.navigate(path, options);
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
     * Returns what the user typed into a view and has not sent yet. It outlives a session that
     * expires, and is dropped when the user logs out or another one logs in.
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
     * Shows for some seconds what was done.
     *
     * @param {string | Node} content
     */
    announce(content) {
        this.#layout.announce(content);
    }

    /**
     * Shows the view of an address, or of the one it redirects to.
     *
     * @param {URL} url
     * @returns {Promise<URL | null>} the address on the screen, null if nothing new is shown
     */
    async #show(url) {
        const visit = (this.#visits += 1);
        const path = withoutFinalSlash(url.pathname);
        let route = routeOf(path);
        try {
            if (this.gatehouse.user === undefined && route.audience !== 'guest') {
                // The view loads while the server says who is signed in; a failure is handled
                // below, where the view is loaded for good.
                if (path !== '/') this.#views.load(route).catch(() => {});
                await this.gatehouse.me();
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
            view = await this.#views.load(route);
        } catch (error) {
            if (visit !== this.#visits) return null;
            // A view that is on the screen stays, with everything that was typed into it.
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
        if (this.gatehouse.user === undefined) this.#recognize(url);
        return url;
    }

    /**
     * Asks who is signed in behind a page for guests: nearly all of its visitors are guests, who
     * need not wait for the answer. A user is redirected by the `change` event.
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
     * Shows that the server is unavailable, so that the page cannot know who is signed in.
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
            // The notice waits for the view that follows.
            this.#layout.place(node, 'Not available', '');
        }
        this.#shown = undefined;
        return isSame ? null : url;
    }

    #becomeOnline() {
        this.#offline.stop();
        if (navigator.onLine) this.#layout.setBanner('');
    }

    /** Finds out, when the user returns to the page, whether the session was ended elsewhere. */
    async #checkSession() {
        if (this.#isChecking || document.hidden || !this.#isUser) return;
        this.#isChecking = true;
        await this.gatehouse.me().catch(() => {});
        this.#isChecking = false;
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
