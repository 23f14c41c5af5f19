// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    PasswordPolicyLoader, passwordRules, passwordRulesAttribute,
} from '../../web/password-rules.js';

// As recorded from the Express backend that Gatehouse replaces.
const accepted = [
    'Aa1@xyzw', 'Passw0rd@', 'Passw0rd$', 'Passw0rd&', 'Passw0rd!#', 'Passw0rd !x', 'Pässw0rd!',
    'Pa1!😀😀', '!Passw0rd', 'Passw0rd!\u2028x1', `Aa1@${'x'.repeat(66)}`,
];
const refused = [
    '', 'Aa1@xyz', 'PASSW0RD!', 'passw0rd!', 'Password!', 'Passw0rd', 'Passw0rd^', 'Passw0rd ',
    'ÄÖÜäö1!x', '\tPassw0rd!', '#Passw0rd!', 'Pass\u2028w0rd!', 'Aa!wxyz\u20281', 'A1!WXYZ\u2028a',
    'a1!wxyz\u2028A', 'Aa1wxyz\u2028!', `Aa1@${'x'.repeat(67)}`,
];

test('the page accepts exactly the passwords that the server accepts', () => {
    const rules = passwordRules({ minimum: 8, maximum: 70, mixed: true });
    for (const password of accepted) {
        assert.ok(rules.every((rule) => rule.isMet(password)), JSON.stringify(password));
    }
    for (const password of refused) {
        assert.ok(!rules.every((rule) => rule.isMet(password)), JSON.stringify(password));
    }
});

test('the length is the only rule if the server has no other', () => {
    const policy = { minimum: 15, maximum: 72, mixed: false };
    const [length, ...others] = passwordRules(policy);

    assert.equal(length.text, '15 to 72 characters');
    assert.deepEqual(others, []);
    assert.ok(length.isMet('fifteen letters') && length.isMet('x'.repeat(72)));
    assert.ok(!length.isMet('Fourteen1! is.') && !length.isMet('x'.repeat(73)));
    assert.equal(passwordRulesAttribute(policy), 'minlength: 15; maxlength: 72;');
});

test('the policy is requested once, and again only after a failure', async (context) => {
    const policy = { minimum: 8, maximum: 70, mixed: true };
    const responses = [new Response('Bad gateway'), Response.json({ password: policy })];
    const requests = context.mock.method(globalThis, 'fetch', async () => responses.shift());
    const loader = new PasswordPolicyLoader();

    assert.equal(await loader.load(), undefined);
    assert.deepEqual(await Promise.all([loader.load(), loader.load()]), [policy, policy]);
    assert.deepEqual(await loader.load(), policy);
    assert.equal(requests.mock.callCount(), 2);
});
