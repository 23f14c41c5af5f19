// @ts-check
import { Away } from './away.js';
import { button, element, isolated, say } from './dom.js';
import { reason, sentence } from './form.js';
import { Gatehouse, Refusal, Unreachable } from './gatehouse.js';
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
 * `for`: whom a page is for; others are led to where they belong. `view`: the module, `parts`: what
 * it imports besides the modules of every page, to be asked for along with it.
 *
 * @typedef {{for: 'anyone' | 'nobody' | 'user' | 'admin', view: string, parts?: string[]}} Route
 */

/** @type {Record<string, Route>} */
const routes = {
    '/login': { for: 'nobody', view: './views/login.js' },
    '/signup': {
        for: 'nobody', view: './views/signup.js',
        parts: ['./new-password.js', './rules.js'],
    },
    '/people': {
        for: 'user', view: './views/people.js',
        parts: ['./views/people-list.js', './views/person-row.js'],
    },
    '/users': {
        for: 'admin', view: './views/users.js',
        parts: ['./views/user-row.js', './moment.js', './link.js'],
    },
    '/account': {
        for: 'user', view: './views/account.js',
        parts: ['./views/session-list.js', './moment.js', './new-password.js', './rules.js'],
    },
};
/** @type {Route} */
const elsewhere = { for: 'anyone', view: './views/not-found.js' };
/** @type {Route} */
const forAdministrators = { for: 'user', view: './views/for-administrators.js' };

const gatehouse = new Gatehouse();
const router = new Router(show);
const away = new Away(
    (url) => {
        const { pathname, search, hash } = url;
        if (present) return recognise(url);
        return router.navigate(pathname + search + hash, { replace: true });
    },
    () => app.announce('Still not available.'));
/** @param {string} id */
const region = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

let notice = '';
/** What to say to the user who asked to be logged out; empty where nobody did. */
let farewell = '';
let isLooking = false;
let visits = 0;
/** @type {Route | undefined} what is on the screen */
let present;
/** @type {Map<string, number>} how often a module could not be loaded */
const failures = new Map();
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
    const path = url.pathname.replace(/(.)\/$/, '$1');
    let route = routes[path] ?? elsewhere;
    try {
        if (gatehouse.user === undefined && route.for !== 'nobody') {
            // The view comes while the server says who this is; what goes wrong is told below.
            if (path !== '/') load(route).catch(() => {});
            await gatehouse.me();
        }
    } catch (error) {
        if (visit !== visits) return null;
        return showAway(url, error);
    }
    if (path === '/') return show(new URL(gatehouse.user ? '/people' : '/login', url));
    if (route.for === 'nobody' && !isFor(route)) {
        return show(new URL(returnAddress(url.searchParams.get('return'), url.origin), url));
    }
    if (!isFor(route) && gatehouse.user) route = forAdministrators;
    if (!isFor(route)) {
        notice ||= 'Please log in to see this page.';
        return show(loginAddress(url));
    }

    /** @type {View} */
    let view;
    try {
        view = await load(route);
    } catch (error) {
        if (visit !== visits) return null;
        // Where a page stands already it stays, with all that was typed into it.
        if (present && isFor(present)) {
            app.announce('The page could not be loaded. Please try again in a moment.');
            return null;
        }
        return showAway(url, error);
    }
    if (visit !== visits) return null;
    present = route;
    away.stop();
    if (navigator.onLine) tellConnection('');
    place(new view(app, url), view.title);
    renderAccount(path);
    if (gatehouse.user === undefined) recognise(url);
    return url;
}

/**
 * Asks who this is behind a page for nobody: almost all who come to one are nobody, and need not
 * wait to be told. Where it is a user, the change leads on.
 *
 * @param {URL} url
 */
async function recognise(url) {
    try {
        await gatehouse.me();
        away.stop();
        if (navigator.onLine) tellConnection('');
    } catch (error) {
        away.url = url;
        away.after(error);
        tellReason(error);
    }
}

/** @param {Route} route */
function isFor(route) {
    if (route.for === 'anyone') return true;
    if (route.for === 'admin') return isAdmin();
    return Boolean(gatehouse.user) === (route.for === 'user');
}

function isAdmin() {
    return gatehouse.user?.role === 'admin';
}

/**
 * The view of a route; its parts are asked for at once, not after it.
 *
 * Browsers keep for good that a module could not be loaded, so it is asked for by another address
 * after each failure (https://github.com/whatwg/html/issues/6768).
 *
 * @param {Route} route
 * @returns {Promise<View>}
 */
async function load({ view: module, parts = [] }) {
    for (const part of parts) import(part).catch(() => {});
    const failed = failures.get(module) ?? 0;
    try {
        return (await import(failed ? `${module}?again=${failed}` : module)).default;
    } catch (error) {
        failures.set(module, failed + 1);
        throw error;
    }
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
    const isAgain = away.node.isConnected && away.url?.href === url.href;
    away.url = url;
    away.after(error);
    tellReason(error);
    if (!away.node.isConnected) {
        // It belongs to what comes after.
        const kept = notice;
        notice = '';
        place(away.node, 'Not available');
        notice = kept;
    }
    present = undefined;
    // What stands there already stays as it is, focus and all.
    return isAgain ? null : url;
}

/** @param {unknown} error */
function tellReason(error) {
    // Offline, the banner says so already.
    if (!navigator.onLine) return;
    const isTold = error instanceof Unreachable || error instanceof Refusal;
    tellConnection(isTold ? reason(error) : 'The page could not be loaded.');
}

/**
 * Says what keeps the page from the server, once, however often it is found out.
 *
 * @param {string} text empty: nothing
 */
function tellConnection(text) {
    if (region('connection').textContent !== text) say(region('connection'), text);
}

/** @param {URL} url */
function loginAddress(url) {
    const login = new URL('/login', url);
    login.searchParams.set('return', url.pathname + url.search);
    return login;
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
    tellConnection('You are offline. What you type is kept; sending has to wait.');
});
addEventListener('online', () => tellConnection(''));

router.start();
