// @ts-check

/** @typedef {import('./person-names.js').Person} Person */

/**
 * A person's position in the results of a query. The server first lists the people whose name
 * begins with the query in the form `Last First` (rank 0), then those whose name begins with it in
 * the form `First Last` (rank 1).
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
    const names = [`${lastName} ${firstName}`, `${firstName} ${lastName}`].map(lowercaseASCII);
    const rank = names.findIndex((name) => name.startsWith(lowercaseASCII(query)));
    return rank < 0 ? null : { rank, key: names[rank], id };
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
 * @param {number} unit NaN after the end of the string
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
