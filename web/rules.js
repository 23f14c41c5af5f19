// @ts-check

/**
 * What the server wants of a new password, as `GET /api/auth/rules` tells it: from how many to how
 * many UTF-16 units, and whether all four kinds of character.
 *
 * @typedef {{minimum: number, maximum: number, mixed: boolean}} Wanted
 */

/** @typedef {{text: string, isMet: (password: string) => boolean}} Rule */

/**
 * Its rules in the order in which the page lists them.
 *
 * They mirror its expression to the letter: ASCII letters only, and nothing after a line break
 * counts.
 *
 * @param {Wanted} wanted
 * @returns {Rule[]}
 */
export function rulesOf({ minimum, maximum, mixed }) {
    const length = {
        text: `${minimum} to ${maximum} characters`,
        isMet: (/** @type {string} */ p) => p.length >= minimum && p.length <= maximum,
    };
    return mixed ? [length, ...kinds] : [length];
}

/** @type {Rule[]} */
const kinds = [
    { text: 'A capital letter, A to Z', isMet: (p) => /^.*[A-Z]/.test(p) },
    { text: 'A small letter, a to z', isMet: (p) => /^.*[a-z]/.test(p) },
    { text: 'A digit', isMet: (p) => /^.*\d/.test(p) },
    { text: 'One of @ $ ! % * ? &', isMet: (p) => /^.*[@$!%*?&]/.test(p) },
    { text: 'Begins with one of the above', isMet: (p) => /^[A-Za-z\d@$!%*?&]/.test(p) },
];

/**
 * The same in the words of Safari's password generator, which heeds them.
 *
 * @param {Wanted} wanted
 */
export function generatorRulesOf({ minimum, maximum, mixed }) {
    const lengths = `minlength: ${minimum}; maxlength: ${maximum};`;
    return mixed
        ? `${lengths} required: lower; required: upper; required: digit; `
            + 'required: [@$!%*?&]; allowed: lower, upper, digit, [@$!%*?&];'
        : lengths;
}

/** @returns {Promise<Wanted | undefined>} undefined where the server does not say */
async function ask() {
    try {
        const response = await fetch('/api/auth/rules', { signal: AbortSignal.timeout(5_000) });
        return (await response.json()).password;
    } catch {
        return undefined;
    }
}

/** @type {Promise<Wanted | undefined> | undefined} */
let asked;

/**
 * What the server wants, asked once; again where it did not say.
 *
 * Not by an `await` of the module's own: in WebKitGTK 2.50 a module with one that was imported twice
 * at once sometimes never came, and no page with it.
 */
export function wantedOfPasswords() {
    asked ??= ask().then((wanted) => {
        if (!wanted) asked = undefined;
        return wanted;
    });
    return asked;
}
