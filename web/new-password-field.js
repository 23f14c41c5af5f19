// @ts-check
import { element } from './dom.js';
import { PasswordField } from './form.js';
import { PasswordPolicyLoader, passwordRules, passwordRulesAttribute } from './password-rules.js';

/**
 * A field for a new password, with the server's rules below it.
 *
 * If the rules cannot be loaded, the field shows no rules. The server checks every password anyway,
 * and its response names the rules that the password violates.
 */
export class NewPasswordField extends PasswordField {
    // The request starts when this module is loaded, while the view is still being built.
    static #policy = new PasswordPolicyLoader();

    #rules;

    /** @param {{label?: string}} [options] */
    constructor(options = {}) {
        const rules = new RuleList();
        super(
            { autocomplete: 'new-password', required: true },
            { ...options, hint: rules.node });
        this.#rules = rules;
        NewPasswordField.#policy.load().then((policy) => {
            if (!policy) return;
            this.input.setAttribute('passwordrules', passwordRulesAttribute(policy));
            rules.show(passwordRules(policy));
            if (this.value) rules.check(this.value);
        });
        this.input.addEventListener('input', () => {
            if (rules.check(this.value)) this.error = '';
        });
    }

    /** Shows an error if a rule is not met; called before the form is sent. */
    check() {
        super.check();
        if (!this.#rules.check(this.value)) {
            this.error = 'The password does not meet every rule yet';
        }
    }

    /** Clears the input and the check marks of the rules. */
    clear() {
        this.value = '';
        this.#rules.clear();
    }
}

/** @typedef {import('./password-rules.js').Rule} Rule */

/** The list of password rules; each rule gets a check mark once it is met. */
class RuleList {
    /** @type {{rule: Rule, node: HTMLElement, state: HTMLElement}[]} */
    #items = [];
    #summary = element('div', { class: 'visually-hidden', role: 'status' });
    #list = element('ul');

    /** The list, and a summary for screen readers. */
    node = element('div', { class: 'rules' }, this.#list, this.#summary);

    /** @param {Rule[]} rules */
    show(rules) {
        this.#items = rules.map((rule) => {
            const state = element('span', { class: 'visually-hidden' });
            return { rule, node: element('li', {}, rule.text, state), state };
        });
        this.#list.replaceChildren(...this.#items.map(({ node }) => node));
    }

    /**
     * Marks the rules that a password meets.
     *
     * @param {string} password
     * @returns {boolean} true if the password meets all rules
     */
    check(password) {
        const met = this.#items.map(({ rule }) => rule.isMet(password));
        this.#mark(met);
        const left = met.filter((isMet) => !isMet).length;
        const text = left === 0 ? 'All password rules are met' : `${left} password rules left`;
        // A screen reader reads the text out whenever it is set, so only a new text is set.
        if (this.#summary.textContent !== text) this.#summary.textContent = text;
        return left === 0;
    }

    clear() {
        this.#mark([]);
        this.#summary.textContent = '';
    }

    /** @param {boolean[]} met */
    #mark(met) {
        this.#items.forEach(({ node, state }, index) => {
            node.classList.toggle('met', met[index] ?? false);
            state.textContent = met[index] ? ', done' : '';
        });
    }
}
