// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { returnAddress } from '../../web/router.js';
import { generatorRulesOf, rulesOf, wantedOfPasswords } from '../../web/rules.js';

// As recorded from the backend whose clients these were.
const accepted = [
    'Aa1@xyzw', 'Passw0rd@', 'Passw0rd$', 'Passw0rd&', 'Passw0rd!#', 'Passw0rd !x', 'Pässw0rd!',
    'Pa1!😀😀', '!Passw0rd', 'Passw0rd!\u2028x1', `Aa1@${'x'.repeat(66)}`,
];
const refused = [
    '', 'Aa1@xyz', 'PASSW0RD!', 'passw0rd!', 'Password!', 'Passw0rd', 'Passw0rd^', 'Passw0rd ',
    'ÄÖÜäö1!x', '\tPassw0rd!', '#Passw0rd!', 'Pass\u2028w0rd!', 'Aa!wxyz\u20281', 'A1!WXYZ\u2028a',
    'a1!wxyz\u2028A', 'Aa1wxyz\u2028!', `Aa1@${'x'.repeat(67)}`,
];

test('the page takes the passwords that the server takes', () => {
    const rules = rulesOf({ minimum: 8, maximum: 70, mixed: true });
    for (const password of accepted) {
        assert.ok(rules.every((rule) => rule.isMet(password)), JSON.stringify(password));
    }
    for (const password of refused) {
        assert.ok(!rules.every((rule) => rule.isMet(password)), JSON.stringify(password));
    }
});

test('length is the only rule where the server has no other', () => {
    const wanted = { minimum: 15, maximum: 72, mixed: false };
    const [length, ...others] = rulesOf(wanted);

    assert.equal(length.text, '15 to 72 characters');
    assert.deepEqual(others, []);
    assert.ok(length.isMet('fifteen letters') && length.isMet('x'.repeat(72)));
    assert.ok(!length.isMet('Fourteen1! is.') && !length.isMet('x'.repeat(73)));
    assert.equal(generatorRulesOf(wanted), 'minlength: 15; maxlength: 72;');
});

test('no rule is made up where the server does not answer, and it is asked again', async (context) => {
    const wanted = { minimum: 8, maximum: 70, mixed: true };
    const answers = [new Response('Bad gateway'), Response.json({ password: wanted })];
    const asked = context.mock.method(globalThis, 'fetch', async () => answers.shift());

    assert.equal(await wantedOfPasswords(), undefined);
    assert.deepEqual(await Promise.all([wantedOfPasswords(), wantedOfPasswords()]), [wanted, wanted]);
    assert.deepEqual(await wantedOfPasswords(), wanted);
    assert.equal(asked.mock.callCount(), 2);
});

test('the return address stays on this site', () => {
    const origin = 'https://localhost:8443';
    const wishes = {
        '/people?q=a%20b#c': '/people?q=a%20b#c',
        'https://localhost:8443/account': '/account',
        'people': '/people',
        'https://evil.example/people': '/people',
        '//evil.example': '/people',
        '/\\evil.example': '/people',
        '/.//evil.example': '/people',
        '/\t/evil.example': '/people',
        'javascript:alert(1)': '/people',
        'data:text/html,x': '/people',
        'http://[': '/people',
        '/login?return=/login': '/people',
        '': '/people',
    };

    for (const [wish, address] of Object.entries(wishes)) {
        assert.equal(returnAddress(wish, origin), address, wish);
    }
    assert.equal(returnAddress(null, origin), '/people');
});
