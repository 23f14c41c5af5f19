// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relativeTime } from '../../web/relative-time.js';

test('a relative time is in the largest unit of which at least one has passed', () => {
    const now = Date.parse('2026-01-31T12:00:00.000Z');
    const times = {
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

    for (const [time, text] of Object.entries(times)) {
        assert.equal(relativeTime(time, now), text, time);
    }
});
