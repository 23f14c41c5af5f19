// @ts-check
import { form } from '../form.js';
import { answer, json } from '../gatehouse.js';
import { nameFields } from './person-names.js';

/**
 * Creates the form that adds a person.
 *
 * @param {object} parts
 * @param {import('../gatehouse.js').Gatehouse} parts.gatehouse
 * @param {import('./person-names.js').Drafts} parts.drafts
 * @param {(person: import('./person-names.js').Person) => void} parts.onAdded
 */
export function addPersonForm({ gatehouse, drafts, onAdded }) {
    const fields = nameFields(drafts.get('new'), (names) => drafts.set('new', names));
    const [first, last] = fields;
    const node = form({
        fields,
        action: 'Add person',
        className: 'add-person',
        send: async () => {
            const names = { firstName: first.value, lastName: last.value };
            const person = await answer(await gatehouse.fetch('/api/people', json('POST', names)));
            drafts.delete('new');
            first.value = last.value = '';
            first.input.focus();
            onAdded(person);
        },
    });
    node.setAttribute('aria-label', 'Add a person');
    return node;
}
