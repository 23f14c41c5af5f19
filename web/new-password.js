// @ts-check
import { element } from './dom.js';
import { PasswordField } from './form.js';
import { generatorRules, passwordRules } from './rules.js';

/** The input of a password to be, over its rules. */
export class NewPasswordField extends PasswordField {
    #rules;

    /** @param {{label?: string}} [options] */
    constructor(options = {}) {
        const rules = new RuleList();
        super(
            { autocomplete: 'new-password', required: true, passwordrules: generatorRules },
            { ...options, hint: rules.node });
        this.#rules = rules;
        this.input.addEventListener('input', () => {
            if (rules.check(this.value)) this.error = '';
        });
    }

    /** Shows an error where a rule is not met. */
    check() {
        if (!this.#rules.check(this.value)) {
            this.error = 'The password does not meet every rule yet';
        }
    }

    /** Empties the input and unticks the rules. */
    clear() {
        this.value = '';
        this.#rules.clear();
    }
}

/** The password's rules, each ticked as soon as it is met. */
class RuleList {
    #items = passwordRules.map(({ text }) => ({
        node: element('li', {}, text),
        state: element('span', { class: 'unseen' }),
    }));
    #summary = element('div', { class: 'unseen', role: 'status' });
    #list = element('ul', {}, ...this.#items.map((item) => item.node));

    /** The list and, for screen readers, how much is left. */
    node = element('div', { class: 'rules' }, this.#list, this.#summary);

    constructor() {
        for (const { node, state } of this.#items) node.append(state);
    }

    /**
     * Ticks what is met.
     *
     * @param {string} password
     * @returns {boolean} whether all is met
     */
    check(password) {
        const met = passwordRules.map((rule) => rule.isMet(password));
        this.#tick(met);
        const left = met.filter((isMet) => !isMet).length;
        const text = left === 0 ? 'All password rules are met' : `${left} password rules to go`;
        // Said again only when it changes, not at every key.
        if (this.#summary.textContent !== text) this.#summary.textContent = text;
        return left === 0;
    }

    clear() {
        this.#tick([]);
        this.#summary.textContent = '';
    }

    /** @param {boolean[]} met */
    #tick(met) {
        this.#items.forEach(({ node, state }, index) => {
            node.classList.toggle('met', met[index] ?? false);
            state.textContent = met[index] ? ', done' : '';
        });
    }
}
