// @ts-check
import { element } from './dom.js';
import { PasswordField } from './form.js';
import { generatorRulesOf, rulesOf, wantedOfPasswords } from './rules.js';

// On its way while the view is made.
wantedOfPasswords();

/**
 * The input of a password to be, over its rules, as soon as the server has told them. Where it does
 * not, none is shown: it judges in any case, and says what is wrong.
 */
export class NewPasswordField extends PasswordField {
    #rules;

    /** @param {{label?: string}} [options] */
    constructor(options = {}) {
        const rules = new RuleList();
        super(
            { autocomplete: 'new-password', required: true },
            { ...options, hint: rules.node });
        this.#rules = rules;
        wantedOfPasswords().then((wanted) => {
            if (!wanted) return;
            this.input.setAttribute('passwordrules', generatorRulesOf(wanted));
            rules.show(rulesOf(wanted));
            if (this.value) rules.check(this.value);
        });
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
    /** @type {{rule: import('./rules.js').Rule, node: HTMLElement, state: HTMLElement}[]} */
    #items = [];
    #summary = element('div', { class: 'unseen', role: 'status' });
    #list = element('ul');

    /** The list and, for screen readers, how much is left. */
    node = element('div', { class: 'rules' }, this.#list, this.#summary);

    /** @param {import('./rules.js').Rule[]} rules */
    show(rules) {
        this.#items = rules.map((rule) => {
            const state = element('span', { class: 'unseen' });
            return { rule, node: element('li', {}, rule.text, state), state };
        });
        this.#list.replaceChildren(...this.#items.map(({ node }) => node));
    }

    /**
     * Ticks what is met.
     *
     * @param {string} password
     * @returns {boolean} whether all is met
     */
    check(password) {
        const met = this.#items.map(({ rule }) => rule.isMet(password));
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
