// @ts-check
import { element } from './dom.js';

// The app is in English, whatever the browser's language is.
const format = new Intl.RelativeTimeFormat('en');

/** @type {[Intl.RelativeTimeFormatUnit, number][]} seconds in each unit, the longest unit first */
const units = [
    ['year', 31_557_600], ['month', 2_629_800], ['day', 86_400], ['hour', 3600], ['minute', 60],
];

/**
 * Describes how long ago a time was, in the largest unit of which at least one has passed.
 *
 * The server's clock may be ahead of the browser's, so a time in the future counts as just now.
 *
 * @param {string} time as ISO 8601
 * @param {number} [now] milliseconds since 1970
 */
export function relativeTime(time, now = Date.now()) {
    const passed = (now - Date.parse(time)) / 1000;
    const unit = units.find(([, seconds]) => passed >= seconds);
    return unit ? format.format(-Math.floor(passed / unit[1]), unit[0]) : 'just now';
}

/**
 * Creates an element that shows how long ago a time was; the exact time is in its tooltip.
 *
 * @param {string} time as ISO 8601
 */
export function relativeTimeElement(time) {
    const title = new Date(time).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' });
    return element(
        'time', { datetime: time, title, class: 'relative-time' }, relativeTime(time));
}

/**
 * Updates the relative times inside a node while the page is visible.
 *
 * @param {ParentNode} node
 * @returns {() => void} a function that stops the updates
 */
export function keepUpdated(node) {
    /** @type {number | undefined} */
    let timer;
    const update = () => {
        for (const time of node.querySelectorAll('.relative-time')) {
            const text = relativeTime(time.getAttribute('datetime') ?? '');
            if (time.textContent !== text) time.textContent = text;
        }
    };
    const onVisibilityChange = () => {
        clearInterval(timer);
        if (document.hidden) return;
        update();
        timer = window.setInterval(update, 15_000);
    };
    onVisibilityChange();
    document.addEventListener('visibilitychange', onVisibilityChange);
    return () => {
        clearInterval(timer);
        document.removeEventListener('visibilitychange', onVisibilityChange);
    };
}

/**
 * Creates an element that shows only the date of a time.
 *
 * @param {string} time as ISO 8601
 */
export function dateElement(time) {
    const text = new Date(time).toLocaleDateString('en', { dateStyle: 'long' });
    return element('time', { datetime: time }, text);
}
