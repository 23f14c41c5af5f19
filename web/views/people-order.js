// @ts-check

/** @typedef {import('./person-names.js').Person} Person */

const ASCII_MARK = /[\0-/:-@[-`{-\x7f]/;
const MARK = /[\0-/:-@[-`{-\x7f\xa0\xb7\u2010-\u2015\u2018\u2019\u3000\u30fb]/;

/**
 * A person's position in the results of a query, as the server sorts them: by rank, key and ID. The
 * rank says which part of the name begins with the query:
 *
 * - rank 0: the whole name in the form `Last First`
 * - rank 1: the whole name in the form `First Last`
 * - rank 2: a later word of the last name
 * - rank 3: a later word of the first name
 *
 * The key is the name from that part on, followed by the other name for ranks 2 and 3.
 *
 * @typedef {{rank: number, key: string, id: number}} Position
 */

/**
 * Returns the position of a person, or null if the person does not match the query.
 *
 * @param {Person} person
 * @param {string} query
 * @returns {Position | null}
 */
export function positionOf({ id, firstName, lastName }, query) {
    const wanted = lowercaseASCII(query);
    const ranks = [
        [`${lastName} ${firstName}`],
        [`${firstName} ${lastName}`],
        laterWords(lastName).map((word) => `${word} ${firstName}`),
        laterWords(firstName).map((word) => `${word} ${lastName}`),
    ];
    for (const [rank, keys] of ranks.entries()) {
        const [key] = keys.map(lowercaseASCII).filter((name) => name.startsWith(wanted))
            .sort(compareText);
        if (key !== undefined) return { rank, key, id };
    }
    return null;
}

/**
 * Returns the rest of a name from each word on, except the first word: for `Ana Maria Luz`, these
 * are `Maria Luz` and `Luz`. As on the server, a word begins after an ASCII character that is
 * neither a letter nor a digit, or after a non-ASCII space, hyphen, dash, apostrophe or middle dot.
 *
 * @param {string} name
 */
function laterWords(name) {
    const words = [];
    for (let start = 1; start < name.length; start += 1) {
        if (MARK.test(name[start - 1]) && !ASCII_MARK.test(name[start])) {
            words.push(name.slice(start));
        }
    }
    return words;
}

/**
 * Compares positions; the result is negative if `a` comes before `b`.
 *
 * @param {Position} a
 * @param {Position} b
 */
export function comparePositions(a, b) {
    return a.rank - b.rank || compareText(a.key, b.key) || a.id - b.id;
}

/**
 * Compares strings by code points, as the server does. The operator `<` compares UTF-16 code units
 * and would put an emoji before a full-width letter.
 *
 * @param {string} a
 * @param {string} b
 */
function compareText(a, b) {
    let index = 0;
    while (index < a.length && a[index] === b[index]) index += 1;
    return codePointOrder(a.charCodeAt(index)) - codePointOrder(b.charCodeAt(index));
}

/**
 * Maps a UTF-16 code unit to a number that sorts as its code point does.
 *
 * @param {number} unit the code unit, or NaN after the end of the string
 */
function codePointOrder(unit) {
    if (Number.isNaN(unit)) return -1;
    if (unit < 0xd800) return unit;
    // Surrogates are moved to the end, because they stand for the code points above U+FFFF.
    return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * Lowercases A to Z only, as the server does for comparisons.
 *
 * @param {string} text
 */
function lowercaseASCII(text) {
    return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
