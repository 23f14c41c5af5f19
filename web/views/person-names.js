// @ts-check
import { Field } from '../form.js';

/** The maximum length of a first or last name. */
const maximumLength = 30;

/** @typedef {{firstName: string, lastName: string}} Names */
/** @typedef {Names & {id: number}} Person */

/**
 * Names that were typed and not saved yet. The key is the person's ID, or `new` for the form that
 * adds a person. `original` is the version of the person on which the names are based.
 *
 * @typedef {Map<number | 'new', Names & {original?: Person}>} Drafts
 */

/**
 * Returns the first and last name for plain text, such as a label. Plain text cannot contain
 * `<bdi>`, so Unicode's isolates keep a right-to-left name from reordering the text around it.
 *
 * @param {Names} names
 */
export function displayName({ firstName, lastName }) {
    // Remove characters that embed, override or isolate text. In a name, they could reorder the
    // text around it.
    const name = `${firstName} ${lastName}`.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
    return /^[\0-\u02ff]*$/.test(name) ? name : `\u2068${name}\u2069`;
}

/**
 * Creates the fields for a first and a last name.
 *
 * @param {Names | undefined} names the initial values
 * @param {(names: Names) => void} onInput called with the names in the inputs
 * @param {[Node, Node]} [hints] shown below the inputs, whose labels are then hidden except from
 *     screen readers
 * @returns {[Field, Field]}
 */
export function nameFields(names, onInput, hints) {
    // The names are those of another person, so the browser must not offer its user's own name.
    const attributes = { required: true, autocomplete: 'off', dir: 'auto' };
    const options = { isLabelHidden: hints !== undefined, maximumLength };
    const first = new Field(
        'firstName', 'First name', attributes, { ...options, hint: hints?.[0] });
    const last = new Field(
        'lastName', 'Last name', attributes, { ...options, hint: hints?.[1] });
    first.value = names?.firstName ?? '';
    last.value = names?.lastName ?? '';
    for (const field of [first, last]) {
        field.input.addEventListener('input', () => {
            onInput({ firstName: first.value, lastName: last.value });
        });
    }
    return [first, last];
}
