// @ts-check
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Refusal } from '../../web/gatehouse.js';
import { errorProblem, errorText, fieldErrorText, Retry, retryDelay } from '../../web/request-errors.js';

// Node lacks these parts of a browser: a page that can be hidden, and a network that comes back.
const page = Object.assign(new EventTarget(), { hidden: false });
const network = new EventTarget();
Object.assign(globalThis, {
    document: page,
    addEventListener: network.addEventListener.bind(network),
    removeEventListener: network.removeEventListener.bind(network),
});

let attempts = 0;
/** @type {Retry} */
let retry;

/** @param {boolean} hidden */
function hide(hidden) {
    page.hidden = hidden;
    page.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    hide(false);
    attempts = 0;
    retry = new Retry(() => (attempts += 1));
});

afterEach(() => mock.timers.reset());

test('the delay doubles with every failure, up to 30 seconds', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 2000].map(retryDelay);

    assert.deepEqual(delays, [1, 2, 4, 8, 16, 30, 30, 30]);
});

test('every failure is followed by one attempt, after a longer delay', () => {
    for (const [index, seconds] of [1, 2, 4].entries()) {
        retry.schedule(new Error('unavailable'));
        mock.timers.tick(seconds * 1000 - 1);
        assert.equal(attempts, index);
        mock.timers.tick(1);
        assert.equal(attempts, index + 1);
        mock.timers.tick(60_000);
        assert.equal(attempts, index + 1);
    }
    retry.stop();
    retry.schedule(new Error('unavailable'));
    mock.timers.tick(1000);
    assert.equal(attempts, 4);
});

test('a Retry-After of the server delays the next attempt', () => {
    retry.schedule(Object.assign(new Error('busy'), { retryAfter: 5 }));
    mock.timers.tick(4999);
    assert.equal(attempts, 0);
    mock.timers.tick(1);
    assert.equal(attempts, 1);
});

test('the next attempt starts immediately when the network comes back', () => {
    retry.schedule(new Error('unavailable'));
    network.dispatchEvent(new Event('online'));
    assert.equal(attempts, 1);

    mock.timers.tick(60_000);
    network.dispatchEvent(new Event('online'));
    assert.equal(attempts, 1);
});

test('a hidden page makes no attempt until it becomes visible', () => {
    retry.schedule(new Error('unavailable'));
    hide(true);
    mock.timers.tick(60_000);
    assert.equal(attempts, 0);

    hide(false);
    assert.equal(attempts, 1);
});

test('no attempt follows after stop', () => {
    retry.schedule(new Error('unavailable'));
    retry.stop();
    network.dispatchEvent(new Event('online'));
    hide(false);
    mock.timers.tick(60_000);

    assert.equal(attempts, 0);
});

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

test('messages about a field are reworded for the user', () => {
    const field = { name: 'username', label: 'Email', value: 'x'.repeat(200) };
    const texts = {
        '"username" is not allowed to be empty': 'Email is required',
        '"username" is required': 'Email is required',
        '"username" length must be less than or equal to 100 characters long':
            '100 characters at most; this has 200',
        'Email must not exceed 100 characters': '100 characters at most; this has 200',
        'Please provide a valid email address': 'This is not an email address we accept',
        '"username" must be a string': 'Email must be a string',
        'Password must not exceed 72 bytes': 'Password must not exceed 72 bytes',
    };

    for (const [message, text] of Object.entries(texts)) {
        assert.equal(fieldErrorText(message, field), text);
    }
});
