// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorProblem, errorText } from '../../web/error-text.js';
import { Refusal } from '../../web/gatehouse.js';

test('a refusal because of too many attempts says how long to wait', () => {
    const waits = {
        0: 'in a moment', 1: 'in 1 second', 30: 'in 30 seconds', 119: 'in 119 seconds',
        120: 'in 2 minutes', 121: 'in 3 minutes',
    };

    for (const [seconds, wait] of Object.entries(waits)) {
        const error = new Refusal(429, { message: 'Too many requests' }, Number(seconds));
        assert.equal(errorText(error), `Too many attempts. Please try again ${wait}.`);
        assert.equal(errorProblem(error), 'Too many attempts.');
    }
});

test('messages of the server are reworded for the user', () => {
    const texts = {
        'You cannot take rights from your own account':
            'You cannot take rights from your own account. Another administrator can.',
        'Insufficient permissions': 'Only an administrator may do this.',
        'A message that the page does not know': 'A message that the page does not know',
    };

    for (const [message, text] of Object.entries(texts)) {
        assert.equal(errorText(new Refusal(409, { message })), text);
    }
});
