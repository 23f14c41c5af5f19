// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePositions, positionOf } from '../../web/views/people-order.js';

const people = [
    ['Ada', 'Lovelace'], ['ada', 'LOVEJOY'], ['Love', 'Ada'], ['Al', 'Ada'], ['Zoë', 'Ünal'],
    ['שלום', 'עולם'], ['👩', 'ﬁ'], ['ﬁ', '👩'], ['Ada', 'Love'], ['Ada', 'Love'],
].map(([firstName, lastName], index) => ({ id: index + 1, firstName, lastName }));

/** @param {string} query */
function found(query) {
    return people
        .map((person) => positionOf(person, query))
        .filter((position) => position !== null)
        .sort(comparePositions)
        .map(({ id }) => id);
}

test('a query lists matches by last name before matches by first name', () => {
    assert.deepEqual(found('love'), [9, 10, 2, 1, 3]);
    assert.deepEqual(found('ADA'), [4, 3, 9, 10, 2, 1]);
    assert.deepEqual(found('ada lovel'), [1]);
    assert.deepEqual(found('lovelace a'), [1]);
});

test('a query finds the beginning of any word, after matches of whole names', () => {
    const berg = { id: 1, firstName: 'Mary Ann', lastName: 'van der Berg-O’Neil' };
    assert.deepEqual(positionOf(berg, 'BERG'), { rank: 2, key: 'berg-o’neil mary ann', id: 1 });
    assert.deepEqual(positionOf(berg, 'neil m'), { rank: 2, key: 'neil mary ann', id: 1 });
    assert.deepEqual(
        positionOf(berg, 'ann v'), { rank: 3, key: 'ann van der berg-o’neil', id: 1 });
    assert.equal(positionOf(berg, 'van')?.rank, 0);
    assert.equal(positionOf(berg, 'eil'), null);
    // Of several words, the one that sorts first.
    assert.deepEqual(
        positionOf({ id: 2, firstName: 'x', lastName: 'a cb ca 👩c' }, 'c'),
        { rank: 2, key: 'ca 👩c x', id: 2 });
});

test('only the case of A to Z is ignored', () => {
    assert.deepEqual(found('zoë ü'), []);
    assert.deepEqual(found('ZOë Ü'), [5]);
});

test('a query is plain text, not a pattern', () => {
    assert.deepEqual(found('.*'), []);
    assert.equal(found('').length, people.length);
});

test('names are sorted in the order of their UTF-8 bytes', () => {
    const seed = Number(process.env.GATEHOUSE_TEST_SEED ?? Math.floor(Math.random() * 1e6));
    console.log(`GATEHOUSE_TEST_SEED=${seed}`);
    const draw = drawer(seed);
    // Characters of every length in UTF-8, and from both sides of the surrogates.
    const letters = [...' abzAZ~é߿ࠀ퟿ﬁ\ue000\uffff𐀀👩'];
    const letter = () => letters[draw(letters.length)];
    const name = () => Array.from({ length: draw(4) }, letter).join('');
    for (let round = 0; round < 20_000; round += 1) {
        const [a, b] = [1, 2].map((id) => ({ id, firstName: name(), lastName: name() }));
        const [one, other] = [a, b].map(({ firstName, lastName }) =>
            Buffer.from(`${lastName} ${firstName}`.replace(/[A-Z]/g, (x) => x.toLowerCase())));
        const [positionA, positionB] = [positionOf(a, ''), positionOf(b, '')];
        assert.ok(positionA && positionB);
        const wanted = Buffer.compare(one, other) || a.id - b.id;
        const order = Math.sign(comparePositions(positionA, positionB));
        assert.equal(order, wanted, JSON.stringify([a, b]));
    }
});

/**
 * Returns a function that draws numbers below a limit, the same ones for the same seed (xorshift).
 *
 * @param {number} seed
 */
function drawer(seed) {
    let state = seed + 1;
    return (/** @type {number} */ limit) => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) % limit;
    };
}
