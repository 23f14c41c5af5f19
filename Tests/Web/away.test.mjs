// @ts-check
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { pause, Retry } from '../../web/away.js';

// What Node has not of a browser: a page that can be hidden, and a network that comes back.
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

test('the pause grows to half a minute', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 2000].map(pause);

    assert.deepEqual(pauses, [1, 2, 4, 8, 16, 30, 30, 30]);
});

test('every failure is followed by one attempt, after a longer pause', () => {
    for (const [index, seconds] of [1, 2, 4].entries()) {
        retry.after(new Error('away'));
        mock.timers.tick(seconds * 1000 - 1);
        assert.equal(attempts, index);
        mock.timers.tick(1);
        assert.equal(attempts, index + 1);
        mock.timers.tick(60_000);
        assert.equal(attempts, index + 1);
    }
    retry.stop();
    retry.after(new Error('away'));
    mock.timers.tick(1000);
    assert.equal(attempts, 4);
});

test('a server that says how long to wait is heeded', () => {
    retry.after(Object.assign(new Error('busy'), { retryAfter: 5 }));
    mock.timers.tick(4999);
    assert.equal(attempts, 0);
    mock.timers.tick(1);
    assert.equal(attempts, 1);
});

test('the network that comes back is reason to try at once', () => {
    retry.after(new Error('away'));
    network.dispatchEvent(new Event('online'));
    assert.equal(attempts, 1);

    mock.timers.tick(60_000);
    network.dispatchEvent(new Event('online'));
    assert.equal(attempts, 1);
});

test('a page that nobody looks at asks nothing until it is looked at', () => {
    retry.after(new Error('away'));
    hide(true);
    mock.timers.tick(60_000);
    assert.equal(attempts, 0);

    hide(false);
    assert.equal(attempts, 1);
});

test('what is not wanted any more is not tried', () => {
    retry.after(new Error('away'));
    retry.stop();
    network.dispatchEvent(new Event('online'));
    hide(false);
    mock.timers.tick(60_000);

    assert.equal(attempts, 0);
});
