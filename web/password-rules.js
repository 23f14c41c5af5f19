// @ts-check

/**
 * The server's requirements for a new password, from `GET /api/auth/rules`: the minimum and maximum
 * length in UTF-16 code units, and whether all four kinds of characters must occur.
 *
 * @typedef {{minimum: number, maximum: number, mixed: boolean}} PasswordPolicy
 */

/** @typedef {{text: string, isMet: (password: string) => boolean}} Rule */

/**
 * Returns the rules of a policy in the order in which the app lists them.
 *
 * The rules for kinds of characters match the server's regular expression exactly: only ASCII
 * letters count as letters, and a line break and everything after it are ignored.
 *
 * @param {PasswordPolicy} policy
 * @returns {Rule[]}
 */
export function passwordRules({ minimum, maximum, mixed }) {
    const length = {
        text: `${minimum} to ${maximum} characters`,
        isMet: (/** @type {string} */ p) => p.length >= minimum && p.length <= maximum,
    };
    return mixed ? [length, ...characterRules] : [length];
}

/** @type {Rule[]} */
const characterRules = [
    { text: 'A capital letter, A to Z', isMet: (p) => /^.*[A-Z]/.test(p) },
    { text: 'A small letter, a to z', isMet: (p) => /^.*[a-z]/.test(p) },
    { text: 'A digit', isMet: (p) => /^.*\d/.test(p) },
    { text: 'One of @ $ ! % * ? &', isMet: (p) => /^.*[@$!%*?&]/.test(p) },
    { text: 'Begins with one of the above', isMet: (p) => /^[A-Za-z\d@$!%*?&]/.test(p) },
];

/**
 * Returns a policy as the value of an input's `passwordrules` attribute, which Safari's password
 * generator follows.
 *
 * @param {PasswordPolicy} policy
 */
export function passwordRulesAttribute({ minimum, maximum, mixed }) {
    const lengths = `minlength: ${minimum}; maxlength: ${maximum};`;
    return mixed
        ? `${lengths} required: lower; required: upper; required: digit; `
            + 'required: [@$!%*?&]; allowed: lower, upper, digit, [@$!%*?&];'
        : lengths;
}

/** Loads the server's password policy on creation, and again only after a failure. */
export class PasswordPolicyLoader {
    /** @type {Promise<PasswordPolicy | undefined> | undefined} */
    #request;

    constructor() {
        this.load();
    }

    /**
     * Returns the policy, or undefined if it could not be loaded.
     *
     * A module must not wait for the policy with a top-level `await`. In WebKitGTK 2.50, a module
     * with a top-level `await` that was imported twice at the same time sometimes never finished
     * loading, and neither did the page.
     */
    load() {
        this.#request ??= requestPolicy().then((policy) => {
            if (!policy) this.#request = undefined;
            return policy;
        });
        return this.#request;
    }
}

/** @returns {Promise<PasswordPolicy | undefined>} */
async function requestPolicy() {
    try {
        const response = await fetch('/api/auth/rules', { signal: AbortSignal.timeout(5_000) });
        return (await response.json()).password;
    } catch {
        return undefined;
    }
}
