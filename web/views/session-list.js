// @ts-check
import { Retry } from '../away.js';
import { button, element, isolated, say } from '../dom.js';
import { reason, sentence } from '../form.js';
import { keepCurrent, moment } from '../moment.js';

/** @typedef {import('../gatehouse.js').Session} Session */

/** Where the account is signed in, each place with a button to end it. */
export class SessionList {
    #app;
    #heading = element('h2', { id: 'sessions', tabindex: -1 }, 'Where you are logged in');
    #state = element('div', { class: 'state', role: 'status' });
    #again = button('Try again', () => this.#askAgain());
    // Spelt out: without bullets it is no list to Safari.
    #list = element('ul', { class: 'entries', role: 'list' });
    #alert = element('div', { class: 'error', role: 'alert' });
    #others = button('Log out all others', () => this.#endOthers());
    #all = button('Log out everywhere', () => this.#app.logOut({ everywhere: true }));
    #buttons = element('div', { class: 'buttons' }, this.#others, this.#all);
    #retry = new Retry(() => this.load());
    #leave = () => {};
    #whenSeen = () => {
        // A device may have been in use meanwhile. Nobody's focus is taken for that.
        const isBusy = this.#list.contains(document.activeElement);
        if (!document.hidden && this.#list.hasChildNodes() && !isBusy) this.load();
    };

    /** The part of the page. */
    node = element(
        'section', { class: 'panel', 'aria-labelledby': 'sessions' },
        this.#heading, this.#state, this.#again, this.#list, this.#alert, this.#buttons);

    /** @param {import('../app.js').App} app */
    constructor(app) {
        this.#app = app;
        this.#again.hidden = true;
        this.#buttons.hidden = true;
    }

    /** Asks the server, also again; a list that stands there stays until the answer. */
    async load() {
        this.#retry.hold();
        const isEmpty = !this.#list.hasChildNodes() && !this.#state.hasChildNodes();
        if (isEmpty) say(this.#state, 'Loading…');
        /** @type {Session[]} */
        let sessions;
        try {
            sessions = await this.#app.gatehouse.sessions();
        } catch (error) {
            if (this.node.isConnected) this.#fail(error);
            return;
        }
        this.#retry.stop();
        say(this.#state);
        this.#again.hidden = true;
        // This one first, then as the server lists them: the latest login first.
        sessions.sort((a, b) => Number(b.current) - Number(a.current));
        this.#list.replaceChildren(...sessions.map((session) => this.#item(session)));
        this.#buttons.hidden = false;
        this.#tell();
    }

    /** To be called when the page is there. */
    start() {
        this.#leave = keepCurrent(this.#list);
        document.addEventListener('visibilitychange', this.#whenSeen);
        return this.load();
    }

    /** To be called when the page is left. */
    stop() {
        this.#retry.stop();
        this.#leave();
        document.removeEventListener('visibilitychange', this.#whenSeen);
    }

    /** @param {unknown} error */
    #fail(error) {
        const text = reason(error);
        // Said once, not at every attempt.
        if (this.#state.textContent !== text) say(this.#state, text);
        this.#again.hidden = false;
        this.#retry.after(error);
    }

    async #askAgain() {
        say(this.#state);
        await this.load();
        // The button is gone where it worked.
        if (this.#again.hidden) this.#heading.focus();
    }

    /** @param {Session} session */
    #item({ id, device, address, created, lastSeen, current }) {
        const name = device || 'Unknown device';
        const title = element('p', { class: 'title' }, isolated(name));
        const dot = () => element('span', { class: 'dot' }, ' · ');
        const facts = element(
            'p', { class: 'facts' },
            ...(address ? [element('span', {}, isolated(address)), dot()] : []),
            element('span', {}, ...(current ? ['in use now'] : ['last seen ', moment(lastSeen)])),
            dot(), element('span', {}, 'logged in ', moment(created)));
        const item = element('li', {}, element('div', {}, title, facts));
        if (current) {
            title.append(' ', element('span', { class: 'badge' }, 'This device'));
            return item;
        }
        const label = ['End the session on', name, address && `at ${address}`];
        const press = button('End', () => this.#press(press, async () => {
            const next = item.nextElementSibling ?? item.previousElementSibling;
            await this.#app.gatehouse.endSession(id);
            item.remove();
            this.#tell();
            (next?.querySelector('button') ?? this.#heading).focus();
            this.#app.announce(`${name} was logged out.`);
        }), { class: 'quiet', 'aria-label': label.filter(Boolean).join(' ') });
        item.append(press);
        return item;
    }

    #endOthers() {
        return this.#press(this.#others, async () => {
            const { gatehouse } = this.#app;
            try {
                // Those of now: somebody may have logged in since the list was made.
                for (const { id, current } of await gatehouse.sessions()) {
                    if (!current) await gatehouse.endSession(id);
                }
            } finally {
                await this.load();
            }
            this.#heading.focus();
            this.#app.announce('All other devices were logged out.');
        });
    }

    /**
     * Does it once at a time, and says what went wrong.
     *
     * @param {HTMLElement} pressed
     * @param {() => Promise<void>} work
     */
    async #press(pressed, work) {
        if (pressed.getAttribute('aria-disabled') === 'true') return;
        pressed.setAttribute('aria-disabled', 'true');
        say(this.#alert);
        try {
            await work();
        } catch (error) {
            say(this.#alert, sentence(error));
        } finally {
            pressed.removeAttribute('aria-disabled');
        }
    }

    #tell() {
        this.#others.hidden = this.#list.querySelector('button') === null;
    }
}
