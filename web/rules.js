// @ts-check

/**
 * The server's rules for a new password, in the order in which the page lists them.
 *
 * They mirror its expression to the letter: ASCII letters only, lengths in UTF-16 units, and
 * nothing after a line break counts.
 *
 * @type {{text: string, isMet: (password: string) => boolean}[]}
 */
export const passwordRules = [
    { text: '8 to 70 characters', isMet: (p) => p.length >= 8 && p.length <= 70 },
    { text: 'A capital letter, A to Z', isMet: (p) => /^.*[A-Z]/.test(p) },
    { text: 'A small letter, a to z', isMet: (p) => /^.*[a-z]/.test(p) },
    { text: 'A digit', isMet: (p) => /^.*\d/.test(p) },
    { text: 'One of @ $ ! % * ? &', isMet: (p) => /^.*[@$!%*?&]/.test(p) },
    { text: 'Begins with one of the above', isMet: (p) => /^[A-Za-z\d@$!%*?&]/.test(p) },
];

/** The same in the words of Safari's password generator, which heeds them. */
export const generatorRules =
    'minlength: 8; maxlength: 70; required: lower; required: upper; required: digit; '
    + 'required: [@$!%*?&]; allowed: lower, upper, digit, [@$!%*?&];';
