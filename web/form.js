// @ts-check
import { Refusal, Unreachable } from './gatehouse.js';
import { button, element, say } from './dom.js';

/** The server's messages, where a person is better served by other words. */
const words = new Map([
    ['Invalid username or password', 'Wrong email or password.'],
    ['Insufficient permissions', 'Only an administrator may do this.'],
    ['Validation failed', 'The server does not accept this.'],
    ['Person not found', 'This person is no longer in the list.'],
    ['You cannot take rights from your own account',
        'You cannot take rights from your own account. Another administrator can.'],
]);

/**
 * What went wrong and what to do about it, in a sentence or two for the reader.
 *
 * @param {unknown} error
 */
export function sentence(error) {
    return told(error).filter(Boolean).join(' ');
}

/**
 * Only what went wrong, where the page does something about it by itself.
 *
 * @param {unknown} error
 */
export function reason(error) {
    return told(error)[0];
}

/**
 * @param {unknown} error
 * @returns {[reason: string, advice: string]}
 */
function told(error) {
    if (error instanceof Unreachable) {
        if (!navigator.onLine) return ['You are offline.', ''];
        const isBusy = error.status === 503;
        return [
            isBusy ? 'The server is busy.' : 'The server cannot be reached.',
            `Please try again ${span(error.retryAfter)}.`,
        ];
    }
    if (error instanceof Refusal && error.status === 429) {
        return ['Too many attempts.', `Please try again ${span(error.retryAfter)}.`];
    }
    if (error instanceof Refusal && error.status < 500) {
        return [words.get(error.message) ?? error.message, ''];
    }
    return ['Something went wrong on the server.', 'Please try again.'];
}

/** @param {number} seconds 0: nobody knows */
function span(seconds) {
    if (seconds === 0) return 'in a moment';
    if (seconds === 1) return 'in 1 second';
    return seconds < 120 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`;
}

let count = 0;

/** An input with its label, hint and error. */
export class Field {
    #error;
    #label;

    /**
     * @param {string} name the key in the request, and in the server's errors about it
     * @param {string} label
     * @param {Record<string, string | number | boolean>} [attributes] of the input
     * @param {{hint?: Node, isLabelHidden?: boolean}} options
     */
    constructor(name, label, attributes = {}, { hint, isLabelHidden = false } = {}) {
        const id = `${name}-${(count += 1)}`;
        this.name = name;
        this.#label = label;
        this.#error = element('div', { id: `${id}-error`, class: 'error', role: 'alert' });
        const described = [`${id}-error`];
        if (hint instanceof Element) {
            hint.id = `${id}-hint`;
            described.unshift(hint.id);
        }
        this.input = element('input', {
            id, name, type: 'text', 'aria-describedby': described.join(' '), ...attributes,
        });
        this.control = element('div', { class: 'control' }, this.input);
        const className = isLabelHidden ? 'unseen' : 'label';
        this.node = element(
            'div', { class: 'field' },
            element('label', { for: id, class: className }, label),
            this.control, ...(hint ? [hint] : []), this.#error);
    }

    get value() {
        return this.input.value;
    }

    set value(text) {
        this.input.value = text;
    }

    get hasError() {
        return this.input.getAttribute('aria-invalid') === 'true';
    }

    /** @param {string} text empty: no error */
    set error(text) {
        say(this.#error, text);
        if (text) this.input.setAttribute('aria-invalid', 'true');
        else this.input.removeAttribute('aria-invalid');
    }

    /**
     * Shows those of the server's errors that are about this field.
     *
     * @param {string[]} errors
     * @returns {string[]} the others
     */
    take(errors) {
        const isMine = (/** @type {string} */ text) =>
            new RegExp(`\\b${this.name}\\b`, 'i').test(text);
        // joi names the key in quotes: "firstName" is not allowed to be empty.
        this.error = errors
            .filter(isMine)
            .map((text) => text.replace(`"${this.name}"`, this.#label))
            .join('. ');
        return errors.filter((text) => !isMine(text));
    }
}

/**
 * A search field that finds as one types. What is looked for stands in the address of the page, as
 * `q`, so that one can come back to it.
 */
export class Finder {
    #field;
    #find;
    /** How many were found, for the ear, once nobody types any more. */
    #found = element('div', { class: 'unseen', role: 'status' });
    #asked;
    /** @type {number | undefined} */
    #typing;
    /** @type {number | undefined} */
    #telling;

    /**
     * @param {string} label
     * @param {object} parts
     * @param {URL} parts.url where the page is: it may have a question already
     * @param {number} parts.longest how long a question can be
     * @param {string} parts.placeholder
     * @param {(question: string) => void} parts.find also called with the question of before
     */
    constructor(label, { url, longest, placeholder, find }) {
        this.#find = find;
        this.#field = new Field('q', label, {
            type: 'search', maxlength: longest, autocomplete: 'off', autocapitalize: 'none',
            spellcheck: 'false', enterkeyhint: 'search', dir: 'auto', placeholder,
        });
        this.#field.value = (url.searchParams.get('q') ?? '').slice(0, longest);
        this.#asked = this.question;
        this.node = element(
            'form', { class: 'finder', role: 'search' }, this.#field.node, this.#found);
        this.node.addEventListener('submit', (event) => {
            event.preventDefault();
            this.#ask();
        });
        this.#field.input.addEventListener('input', () => {
            this.stop();
            this.#typing = window.setTimeout(() => this.#ask(), 120);
        });
    }

    get question() {
        return this.#field.value.trimStart();
    }

    /**
     * As if somebody had typed it.
     *
     * @param {string} question
     */
    ask(question) {
        this.#field.value = question;
        this.focus();
        this.#ask();
    }

    focus() {
        this.#field.input.focus();
    }

    /** @param {string} text empty: it is said elsewhere */
    tell(text) {
        clearTimeout(this.#telling);
        this.#telling = window.setTimeout(() => say(this.#found, text), 700);
    }

    /** Nothing that is due is done any more. */
    stop() {
        clearTimeout(this.#typing);
        clearTimeout(this.#telling);
    }

    #ask() {
        clearTimeout(this.#typing);
        const { question } = this;
        if (question !== this.#asked) {
            const url = new URL(location.href);
            if (question) url.searchParams.set('q', question);
            else url.searchParams.delete('q');
            history.replaceState(history.state, '', url);
        }
        this.#asked = question;
        this.#find(question);
    }
}

/** A password's input, which can be shown. */
export class PasswordField extends Field {
    #toggle;
    #spoken;

    /**
     * @param {Record<string, string | boolean>} attributes
     * @param {{hint?: Node, name?: string, label?: string}} options
     */
    constructor(attributes, { name = 'password', label = 'Password', hint } = {}) {
        super(name, label, { type: 'password', ...attributes }, { hint });
        this.#spoken = label.toLowerCase();
        this.#toggle = button('Show', () => this.show(this.input.type === 'password'), {
            class: 'reveal',
        });
        this.show(false);
        this.control.append(this.#toggle);
    }

    /** @param {boolean} isShown */
    show(isShown) {
        this.input.type = isShown ? 'text' : 'password';
        this.#toggle.textContent = isShown ? 'Hide' : 'Show';
        this.#toggle.setAttribute('aria-label', `${isShown ? 'Hide' : 'Show'} ${this.#spoken}`);
    }
}

/**
 * Attributes of an input for an address.
 *
 * Not `type="email"`: engines differ in what they make of an international domain there, and an
 * account must be found again from any browser.
 */
export const addressAttributes = {
    autocomplete: 'username', inputmode: 'email', autocapitalize: 'none', autocorrect: 'off',
    spellcheck: 'false', required: true,
};

/**
 * A form that sends once at a time, says what is wrong where it is wrong, and keeps what was typed.
 *
 * @param {object} parts
 * @param {Field[]} parts.fields
 * @param {string} parts.action the submit button's text
 * @param {() => Promise<void>} parts.send throws what the server said, or sets errors of fields
 * @param {string} [parts.className]
 * @param {Node[]} [parts.extra] further buttons
 * @param {boolean} [parts.isApart] the fields stand elsewhere, tied to the form by its id
 */
export function form({ fields, action, send, className = '', extra = [], isApart = false }) {
    const alert = element('div', { class: 'alert', role: 'alert' });
    const submit = element('button', { type: 'submit', class: 'primary' }, action);
    const buttons = element('div', { class: 'buttons' }, submit, ...extra);
    const inside = isApart ? [] : fields.map((field) => field.node);
    const id = `form-${(count += 1)}`;
    // POST, lest a password ever end in an address.
    const node = element(
        'form', { id, method: 'post', novalidate: true, class: className },
        ...inside, alert, buttons);
    if (isApart) fields.forEach((field) => field.input.setAttribute('form', id));

    node.addEventListener('submit', async (event) => {
        event.preventDefault();
        if (submit.getAttribute('aria-disabled') === 'true') return;
        // Not `disabled`, which would throw the focus away.
        submit.setAttribute('aria-disabled', 'true');
        say(alert);
        fields.forEach((field) => (field.error = ''));
        try {
            await send();
        } catch (error) {
            let rest = error instanceof Refusal ? error.errors : [];
            for (const field of fields) rest = field.take(rest);
            const isTold = fields.some((field) => field.hasError) && rest.length === 0;
            const kept = error instanceof Unreachable ? ' What you typed is kept.' : '';
            const text = rest.length > 0 ? rest.join('. ') : sentence(error) + kept;
            if (!isTold) say(alert, text);
        } finally {
            submit.removeAttribute('aria-disabled');
        }
        fields.find((field) => field.hasError)?.input.focus();
    });
    return node;
}
