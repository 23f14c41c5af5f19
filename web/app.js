// @ts-check
import { button, element, isolated, say } from './dom.js';
import { sentence } from './form.js';
import { Gatehouse } from './gatehouse.js';
import { returnAddress, Router } from './router.js';

/**
 * The notice stands above the view until the next visit.
 *
 * @typedef {{replace?: boolean, notice?: string}} Visit
 */

/**
 * What a view may use.
 *
 * @typedef {object} App
 * @property {Gatehouse} gatehouse
 * @property {(path: string, options?: Visit) => Promise<void>} navigate
 * @property {(options?: {everywhere?: boolean}) => Promise<void>} logOut
 * @property {(content: string | Node) => void} announce a word on what was done, gone after some
 *     seconds
 */

/**
 * A view: a custom element made anew for every visit.
 *
 * @typedef {{new (app: App, url: URL): HTMLElement, title: string}} View
 */

/**
 * `for`: whom a page is for; others are led to where they belong.
 *
 * @typedef {object} Route
 * @property {'anyone' | 'nobody' | 'user' | 'admin'} for
 * @property {() => Promise<{default: View}>} load
 */

/** @type {Record<string, Route>} */
const routes = {
    '/login': { for: 'nobody', load: () => import('./views/login.js') },
    '/signup': { for: 'nobody', load: () => import('./views/signup.js') },
    '/people': { for: 'user', load: () => import('./views/people.js') },
    '/users': { for: 'admin', load: () => import('./views/users.js') },
    '/account': { for: 'user', load: () => import('./views/account.js') },
};
/** @type {Route} */
const elsewhere = { for: 'anyone', load: () => import('./views/not-found.js') };
/** @type {Route} */
const forAdministrators = {
    for: 'user', load: () => import('./views/for-administrators.js'),
};

const gatehouse = new Gatehouse();
const router = new Router(show);
/** @param {string} id */
const region = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

let notice = '';
/** What to say to the user who asked to be logged out; empty where nobody did. */
let farewell = '';
let isLooking = false;
let visits = 0;
/** @type {number | undefined} */
let fading;

/** @type {App} */
const app = {
    gatehouse,
    async navigate(path, options = {}) {
        notice = options.notice ?? '';
        await router.navigate(path, options);
    },
    async logOut(options = {}) {
        farewell = options.everywhere ? 'You are logged out everywhere.' : 'You are logged out.';
        try {
            await gatehouse.logOut(options);
        } catch (error) {
            app.announce(`You are still logged in. ${sentence(error)}`);
        } finally {
            farewell = '';
        }
    },
    announce(content) {
        say(region('status'), content, 'toast');
        clearTimeout(fading);
        fading = window.setTimeout(() => say(region('status')), 6_000);
    },
};

/**
 * Puts the view of an address on the screen, or the one it leads on to.
 *
 * @param {URL} url
 * @returns {Promise<URL | null>}
 */
async function show(url) {
    const visit = (visits += 1);
    try {
        if (gatehouse.user === undefined) await gatehouse.me();
    } catch (error) {
        if (visit !== visits) return null;
        return showAway(url, error);
    }
    const path = url.pathname.replace(/(.)\/$/, '$1');
    let route = routes[path] ?? elsewhere;
    const isUser = Boolean(gatehouse.user);
    if (path === '/') return show(new URL(isUser ? '/people' : '/login', url));
    if (route.for === 'nobody' && isUser) {
        return show(new URL(returnAddress(url.searchParams.get('return'), url.origin), url));
    }
    if ((route.for === 'user' || route.for === 'admin') && !isUser) {
        notice ||= 'Please log in to see this page.';
        return show(loginAddress(url));
    }
    if (route.for === 'admin' && !isAdmin()) route = forAdministrators;

    /** @type {View} */
    let view;
    try {
        ({ default: view } = await route.load());
    } catch {
        if (visit !== visits) return null;
        // Where a page stands already it stays, with all that was typed into it.
        if (region('view').hasChildNodes()) {
            app.announce('This page could not be loaded. Please try again.');
            return null;
        }
        return showAway(url, undefined);
    }
    if (visit !== visits) return null;
    place(new view(app, url), view.title);
    renderAccount(path);
    return url;
}

/**
 * @param {HTMLElement} node
 * @param {string} title
 */
function place(node, title) {
    const isFirst = !region('view').hasChildNodes();
    document.title = `${title} · Gatehouse`;
    region('view').replaceChildren(node);
    say(region('notice'), notice);
    notice = '';
    // The browser reads out the first page itself.
    if (!isFirst) node.querySelector('h1')?.focus();
}

/**
 * The server is away, or says nothing we understand: nobody knows who this is.
 *
 * @param {URL} url
 * @param {unknown} error
 */
function showAway(url, error) {
    const reason = error ? sentence(error) : 'The page could not be loaded.';
    const again = button('Try again', () => location.assign(url), { class: 'primary' });
    const heading = element('h1', { tabindex: -1 }, 'Not available');
    const node = element('section', { class: 'card' }, heading, element('p', {}, reason), again);
    place(node, 'Not available');
    addEventListener('online', () => node.isConnected && location.assign(url), { once: true });
    return url;
}

/** @param {URL} url */
function loginAddress(url) {
    const login = new URL('/login', url);
    login.searchParams.set('return', url.pathname + url.search);
    return login;
}

function isAdmin() {
    return gatehouse.user?.role === 'admin';
}

/** @param {string} path */
function renderAccount(path) {
    const link = (/** @type {string} */ to, /** @type {string} */ text) =>
        element('a', { href: to, 'aria-current': to === path && 'page' }, text);
    const { user } = gatehouse;
    if (!user) {
        region('account').replaceChildren(link('/login', 'Log in'), link('/signup', 'Sign up'));
        return;
    }
    const name = element('span', { class: 'who', title: user.username }, isolated(user.username));
    const role = isAdmin() ? [element('span', { class: 'badge' }, 'admin')] : [];
    const users = isAdmin() ? [link('/users', 'Users')] : [];
    region('account').replaceChildren(
        name, ...role, link('/people', 'People'), ...users, link('/account', 'Account'),
        button('Log out', () => app.logOut()));
}

/** Whoever comes back to the page sees at once that the session was ended elsewhere. */
async function look() {
    if (isLooking || document.hidden || !gatehouse.user) return;
    isLooking = true;
    await gatehouse.me().catch(() => {});
    isLooking = false;
}

gatehouse.addEventListener('change', ({ detail: { user, expired } }) => {
    const here = new URL(location.href);
    if (!region('view').hasChildNodes()) return;
    if (user) app.navigate(here.pathname + here.search, { replace: true });
    else if (expired && !farewell) {
        const { pathname, search } = loginAddress(here);
        app.navigate(pathname + search, { notice: 'Your session has ended. Please log in again.' });
    } else app.navigate('/login', { notice: farewell || 'You are logged out.' });
});

addEventListener('focus', look);
document.addEventListener('visibilitychange', look);
addEventListener('offline', () => {
    say(region('connection'), 'You are offline. What you type is kept; sending has to wait.');
});
addEventListener('online', () => say(region('connection')));

router.start();
