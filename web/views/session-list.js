// @ts-check
import {
    button, element, isolated, setMessage, waitingText, whileBusy,
} from '../dom.js';
import { errorProblem, errorText, Retry } from '../request-errors.js';
import { withRecentLogin } from '../recent-login.js';
import { keepUpdated, relativeTimeElement } from '../relative-time.js';

/** @typedef {import('../gatehouse.js').Session} Session */

/** The account's sessions, each with a button that ends it. */
export class SessionList {
    /** The number of questions asked so far, which makes the IDs in the document unique. */
    static #questions = 0;

    #app;
    #heading = element('h2', { id: 'sessions', tabindex: -1 }, 'Where you are logged in');
    #state = element('div', { class: 'state', role: 'status' });
    #tryAgain = button('Try again', () => this.#loadAgain());
    // Safari does not expose a list without bullets as a list unless it has the role.
    #list = element('ul', { class: 'entries', role: 'list' });
    #alert = element('div', { class: 'error', role: 'alert' });
    #others = button('Log out all others', () => this.#ask(this.#buttons, this.#others, {
        question: 'End the sessions on all other devices?',
        answer: 'Log out all others',
        action: () => this.#endOthers(),
    }));
    #all = button('Log out everywhere', () => this.#ask(this.#buttons, this.#all, {
        question: 'End all sessions, also the one on this device?',
        answer: 'Log out everywhere',
        action: () => this.#app.logOut({ everywhere: true }),
    }));
    #buttons = element('div', { class: 'buttons' }, this.#others, this.#all);
    #retry = new Retry(() => this.load());
    #stopUpdates = () => {};
    #reloadIfVisible = () => {
        // Another device may have been used while the page was hidden. Loading replaces the list,
        // so do not load it while the focus is in the list, or a question is open there.
        const isBusy = this.#list.contains(document.activeElement)
            || this.#list.querySelector('[role=group]') !== null;
        if (!document.hidden && this.#list.hasChildNodes() && !isBusy) this.load();
    };

    /** The list's section of the page. */
    node = element(
        'section', { class: 'panel', 'aria-labelledby': 'sessions' },
        this.#heading, this.#state, this.#tryAgain, this.#list, this.#alert, this.#buttons);

    /** @param {import('../app.js').App} app */
    constructor(app) {
        this.#app = app;
        this.#tryAgain.hidden = true;
        this.#buttons.hidden = true;
    }

    /** Loads the sessions. The previous list stays on the page until the response arrives. */
    async load() {
        this.#retry.pause();
        const isEmpty = !this.#list.hasChildNodes() && !this.#state.hasChildNodes();
        if (isEmpty) setMessage(this.#state, waitingText());
        /** @type {Session[]} */
        let sessions;
        try {
            sessions = await this.#app.gatehouse.sessions();
        } catch (error) {
            if (this.node.isConnected) this.#fail(error);
            return;
        }
        this.#retry.stop();
        setMessage(this.#state);
        this.#tryAgain.hidden = true;
        // The current session comes first. The others stay sorted by login, the latest first.
        sessions.sort((a, b) => Number(b.current) - Number(a.current));
        this.#list.replaceChildren(...sessions.map((session) => this.#item(session)));
        this.#buttons.hidden = false;
        this.#updateButtons();
    }

    /** Loads the list and keeps it current. Must be called when the page is shown. */
    start() {
        this.#stopUpdates = keepUpdated(this.#list);
        document.addEventListener('visibilitychange', this.#reloadIfVisible);
        return this.load();
    }

    /** Stops all updates of the list. Must be called when the user leaves the page. */
    stop() {
        this.#retry.stop();
        this.#stopUpdates();
        document.removeEventListener('visibilitychange', this.#reloadIfVisible);
    }

    /** @param {unknown} error */
    #fail(error) {
        const text = errorProblem(error);
        // A screen reader need not read out the same problem after every attempt.
        if (this.#state.textContent !== text) setMessage(this.#state, text);
        this.#tryAgain.hidden = false;
        this.#retry.schedule(error);
    }

    async #loadAgain() {
        setMessage(this.#state);
        await this.load();
        // If the list was loaded, the focused button is hidden, so the heading takes the focus.
        if (this.#tryAgain.hidden) this.#heading.focus();
    }

    /** @param {Session} session */
    #item({ id, device, address, created, lastSeen, current }) {
        const name = device || 'Unknown device';
        const title = element('p', { class: 'title' }, isolated(name));
        const dot = () => element('span', { class: 'dot' }, ' · ');
        const seen = current ? ['in use now'] : ['last seen ', relativeTimeElement(lastSeen)];
        const facts = element(
            'p', { class: 'facts' },
            ...(address ? [element('span', {}, isolated(address)), dot()] : []),
            element('span', {}, ...seen),
            dot(), element('span', {}, 'logged in ', relativeTimeElement(created)));
        const item = element('li', {}, element('div', {}, title, facts));
        if (current) {
            title.append(' ', element('span', { class: 'badge' }, 'This device'));
            return item;
        }
        const label = ['End the session on', name, address && `at ${address}`];
        const end = button('End', () => this.#ask(end, end, {
            question: 'Log this device out?',
            answer: 'End session',
            action: async () => {
                const next = item.nextElementSibling ?? item.previousElementSibling;
                let attempts = 0;
                await withRecentLogin(this.#app, () => {
                    attempts += 1;
                    return this.#app.gatehouse.endSession(id);
                });
                item.remove();
                this.#updateButtons();
                // More than one attempt means that the user logged in again, so this device has a
                // new session, which the list must show.
                if (attempts > 1) await this.load();
                (next?.querySelector('button') ?? this.#heading).focus();
                this.#app.announce(`${name} was logged out.`);
            },
        }), { class: 'quiet', 'aria-label': label.filter(Boolean).join(' ') });
        item.append(end);
        return item;
    }

    async #endOthers() {
        const { gatehouse } = this.#app;
        try {
            // Load the list again, because another device may have logged in after the last load.
            for (const { id, current } of await gatehouse.sessions()) {
                if (!current) await withRecentLogin(this.#app, () => gatehouse.endSession(id));
            }
        } finally {
            await this.load();
        }
        this.#heading.focus();
        this.#app.announce('All other devices were logged out.');
    }

    /**
     * Replaces controls by a question, and runs the action if the user confirms it.
     *
     * @param {HTMLElement} controls
     * @param {HTMLElement} pressed the control that takes the focus if the user cancels
     * @param {{question: string, answer: string, action: () => Promise<void>}} parts
     */
    #ask(controls, pressed, { question, answer, action }) {
        setMessage(this.#alert);
        const close = () => {
            const hadFocus = group.contains(document.activeElement);
            group.replaceWith(controls);
            if (hadFocus) pressed.focus();
        };
        const confirm = button(answer, () => this.#run(confirm, async () => {
            await action();
            close();
        }), { class: 'danger solid' });
        const cancel = button('Cancel', close);
        const text = element('p', { id: `question-${(SessionList.#questions += 1)}` }, question);
        const group = element(
            'div', { role: 'group', class: 'question', 'aria-labelledby': text.id },
            text, element('div', { class: 'buttons' }, confirm, cancel));
        group.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
        controls.replaceWith(group);
        cancel.focus();
    }

    /**
     * Runs the action of a button, and shows the error if the action fails.
     *
     * @param {HTMLElement} pressed
     * @param {() => Promise<void>} action
     */
    #run(pressed, action) {
        return whileBusy(pressed, async () => {
            setMessage(this.#alert);
            await action().catch((error) => setMessage(this.#alert, errorText(error)));
        });
    }

    #updateButtons() {
        this.#others.hidden = this.#list.querySelector('button') === null;
    }
}
