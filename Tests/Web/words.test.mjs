// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reason, sentence } from '../../web/form.js';
import { Refusal } from '../../web/gatehouse.js';
import { ago } from '../../web/moment.js';

test('how long ago is said in the largest unit that fits', () => {
    const now = Date.parse('2026-01-31T12:00:00.000Z');
    const moments = {
        '2026-01-31T12:00:30.000Z': 'just now',
        '2026-01-31T11:59:00.001Z': 'just now',
        '2026-01-31T11:59:00.000Z': '1 minute ago',
        '2026-01-31T11:00:00.001Z': '59 minutes ago',
        '2026-01-31T11:00:00.000Z': '1 hour ago',
        '2026-01-30T12:00:00.001Z': '23 hours ago',
        '2026-01-28T12:00:00.000Z': '3 days ago',
        '2025-12-01T12:00:00.000Z': '2 months ago',
        '2024-01-31T00:00:00.000Z': '2 years ago',
    };

    for (const [time, text] of Object.entries(moments)) assert.equal(ago(time, now), text, time);
});

test('who tried too often is told how long to wait', () => {
    const waits = {
        0: 'in a moment', 1: 'in 1 second', 30: 'in 30 seconds', 119: 'in 119 seconds',
        120: 'in 2 minutes', 121: 'in 3 minutes',
    };

    for (const [seconds, wait] of Object.entries(waits)) {
        const error = new Refusal(429, { message: 'Too many requests' }, Number(seconds));
        assert.equal(sentence(error), `Too many attempts. Please try again ${wait}.`);
        assert.equal(reason(error), 'Too many attempts.');
    }
});

test('what the server says is said in the words of the page', () => {
    const sentences = {
        'You cannot take rights from your own account':
            'You cannot take rights from your own account. Another administrator can.',
        'Insufficient permissions': 'Only an administrator may do this.',
        'Words that the page does not know': 'Words that the page does not know',
    };

    for (const [message, text] of Object.entries(sentences)) {
        assert.equal(sentence(new Refusal(409, { message })), text);
    }
});
