// @ts-check
import { element } from './dom.js';

// The page speaks English, whatever the browser does.
const words = new Intl.RelativeTimeFormat('en');

/** @type {[Intl.RelativeTimeFormatUnit, number][]} seconds of each, the longest first */
const units = [
    ['year', 31_557_600], ['month', 2_629_800], ['day', 86_400], ['hour', 3600], ['minute', 60],
];

/**
 * How long ago something was, in the largest unit of which it is one at least.
 *
 * The server's clock may be ahead of ours: what is to come was just now.
 *
 * @param {string} time as ISO 8601
 * @param {number} [now] milliseconds since 1970
 */
export function ago(time, now = Date.now()) {
    const passed = (now - Date.parse(time)) / 1000;
    const unit = units.find(([, seconds]) => passed >= seconds);
    return unit ? words.format(-Math.floor(passed / unit[1]), unit[0]) : 'just now';
}

/**
 * The same for the page: the exact time is what a machine reads, and who points at it.
 *
 * @param {string} time as ISO 8601
 */
export function moment(time) {
    const title = new Date(time).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' });
    return element('time', { datetime: time, title }, ago(time));
}

/**
 * The day of something that is long ago.
 *
 * @param {string} time as ISO 8601
 */
export function day(time) {
    const text = new Date(time).toLocaleDateString('en', { dateStyle: 'long' });
    return element('time', { datetime: time }, text);
}
