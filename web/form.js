// @ts-check
import { button, element, setMessage, whileBusy } from './dom.js';
import { Refusal, Unreachable } from './gatehouse.js';
import { errorText, fieldErrorText, tooLongText } from './request-errors.js';

/** An input with its label, hint and error message. */
export class Field {
    /** The number of fields created so far, which makes the IDs in the document unique. */
    static #count = 0;

    #error;
    #maximumLength;
    #isTooLong = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;

    /**
     * @param {string} name the key in the request body, which the server's messages also contain
     * @param {string} label
     * @param {Record<string, string | number | boolean>} [attributes] the attributes of the input
     * @param {{hint?: Node, isLabelHidden?: boolean, maximumLength?: number}} options A text that
     *     is longer than `maximumLength` can be entered, but shows an error. The attribute
     *     `maxlength` is not used, because it would silently cut off the end of a pasted text.
     */
    constructor(
        name, label, attributes = {}, { hint, isLabelHidden = false, maximumLength = Infinity } = {},
    ) {
        const id = `${name}-${(Field.#count += 1)}`;
        this.name = name;
        this.label = label;
        this.#maximumLength = maximumLength;
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
        const className = isLabelHidden ? 'visually-hidden' : 'label';
        this.node = element(
            'div', { class: 'field' },
            element('label', { for: id, class: className }, label),
            this.control, ...(hint ? [hint] : []), this.#error);
        this.input.addEventListener('input', () => {
            clearTimeout(this.#timer);
            // The first error appears at once. While the text remains too long, the message waits
            // for a pause in typing, so that a screen reader does not read out each new length.
            this.#timer = setTimeout(() => this.#checkLength(), this.#isTooLong ? 400 : 0);
        });
    }

    get value() {
        return this.input.value;
    }

    set value(text) {
        this.input.value = text;
    }

    get isTooLong() {
        return this.#isTooLong;
    }

    get hasError() {
        return this.input.getAttribute('aria-invalid') === 'true';
    }

    /** @param {string} text the message; an empty one removes the error */
    set error(text) {
        setMessage(this.#error, text);
        if (text) this.input.setAttribute('aria-invalid', 'true');
        else this.input.removeAttribute('aria-invalid');
    }

    /** Shows an error if the value is missing or too long; called before the form is sent. */
    check() {
        this.#checkLength();
        if (this.input.required && this.value === '') this.error = `${this.label} is required`;
    }

    #checkLength() {
        const { length } = this.value;
        const wasTooLong = this.#isTooLong;
        this.#isTooLong = length > this.#maximumLength;
        if (this.#isTooLong) this.error = tooLongText(this.#maximumLength, length);
        else if (wasTooLong) this.error = '';
    }

    /**
     * Shows the server's errors that name this field.
     *
     * @param {string[]} errors
     * @returns {string[]} the other errors
     */
    showErrors(errors) {
        const isAboutThis = (/** @type {string} */ text) =>
            new RegExp(`\\b${this.name}\\b`, 'i').test(text);
        this.error = errors
            .filter(isAboutThis)
            .map((text) => fieldErrorText(text, this))
            .join('. ');
        return errors.filter((text) => !isAboutThis(text));
    }
}

/** A password field with a button that shows or hides what was typed. */
export class PasswordField extends Field {
    #toggle;
    #spokenLabel;
    #capsLock = element('div', { class: 'caps-lock', role: 'status' });

    /**
     * @param {Record<string, string | boolean>} attributes
     * @param {{hint?: Node, name?: string, label?: string}} options
     */
    constructor(attributes, { name = 'password', label = 'Password', hint } = {}) {
        super(name, label, { type: 'password', ...attributes }, { hint });
        this.#spokenLabel = label.toLowerCase();
        this.#toggle = button('Show', () => this.show(this.input.type === 'password'), {
            class: 'reveal',
        });
        this.show(false);
        this.control.append(this.#toggle);
        // Place the Caps Lock message beside the label, so that nothing moves when it appears.
        const [head] = this.node.children;
        const row = element('div', { class: 'field-head' });
        head.replaceWith(row);
        row.append(head, this.#capsLock);
        for (const type of ['keydown', 'keyup', 'mousedown']) {
            this.input.addEventListener(type, (event) => this.#showCapsLock(event));
        }
        this.input.addEventListener('blur', () => setMessage(this.#capsLock));
    }

    /**
     * @param {Event} event a key or mouse event; a browser that fills in a password dispatches key
     *     events that have no `getModifierState`
     */
    #showCapsLock(event) {
        const isOn = event instanceof UIEvent && 'getModifierState' in event
            && /** @type {KeyboardEvent} */ (event).getModifierState('CapsLock');
        if (isOn !== this.#capsLock.hasChildNodes()) {
            setMessage(this.#capsLock, isOn ? 'Caps Lock is on' : '');
        }
    }

    /** @param {boolean} isShown */
    show(isShown) {
        const action = isShown ? 'Hide' : 'Show';
        this.input.type = isShown ? 'text' : 'password';
        this.#toggle.textContent = action;
        this.#toggle.setAttribute('aria-label', `${action} ${this.#spokenLabel}`);
    }
}

/**
 * Attributes of an input for an email address.
 *
 * The type is not `email`, because browsers rewrite an internationalized domain in such an input
 * in different ways, and an account must be found from every browser.
 */
export const emailAttributes = {
    'data-first-focus': true,
    autocomplete: 'username', inputmode: 'email', autocapitalize: 'none', autocorrect: 'off',
    spellcheck: 'false', required: true,
};

/**
 * Creates a form that sends one request at a time, shows errors next to their fields, and keeps
 * what was typed if the request fails.
 *
 * @param {object} parts
 * @param {Field[]} parts.fields
 * @param {string} parts.action the submit button's text
 * @param {() => Promise<void>} parts.send sends the request, and throws the server's error or sets
 *     errors on fields
 * @param {string} [parts.className]
 * @param {Node[]} [parts.extra] further buttons
 * @param {boolean} [parts.isApart] true if the fields are outside the form element and refer to it
 *     by its id
 */
export function form({ fields, action, send, className = '', extra = [], isApart = false }) {
    const alert = element('div', { class: 'alert', role: 'alert' });
    const submit = element('button', { type: 'submit', class: 'primary' }, action);
    const buttons = element('div', { class: 'buttons' }, submit, ...extra);
    const inside = isApart ? [] : fields.map((field) => field.node);
    const id = `${fields[0].input.id}-form`;
    // The method is POST, so that the browser can never put a password into an address.
    const node = element(
        'form', { id, method: 'post', novalidate: true, class: className },
        ...inside, alert, buttons);
    if (isApart) fields.forEach((field) => field.input.setAttribute('form', id));

    node.addEventListener('submit', (event) => {
        event.preventDefault();
        whileBusy(submit, async () => {
            setMessage(alert);
            for (const field of fields) {
                field.error = '';
                field.check();
            }
            if (!fields.some((field) => field.hasError)) {
                await send().catch((error) => setMessage(alert, showErrors(fields, error)));
            }
            fields.find((field) => field.hasError)?.input.focus();
        });
    });
    return node;
}

/**
 * Shows an error next to the fields that it names.
 *
 * @param {Field[]} fields
 * @param {unknown} error
 * @returns {string} the message for the form itself; empty if the fields show the whole error
 */
function showErrors(fields, error) {
    let rest = error instanceof Refusal ? error.errors : [];
    for (const field of fields) rest = field.showErrors(rest);
    if (rest.length > 0) return rest.join('. ');
    if (fields.some((field) => field.hasError)) return '';
    return errorText(error) + (error instanceof Unreachable ? ' What you typed is kept.' : '');
}
