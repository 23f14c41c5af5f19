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
    return element('time', { datetime: time, title, class: 'moment' }, ago(time));
}

/**
 * Keeps the moments in a node true while the page is looked at.
 *
 * @param {ParentNode} node
 * @returns {() => void} to be called when the node is left
 */
export function keepCurrent(node) {
    /** @type {number | undefined} */
    let timer;
    const move = () => {
        for (const moment of node.querySelectorAll('.moment')) {
            const text = ago(moment.getAttribute('datetime') ?? '');
            if (moment.textContent !== text) moment.textContent = text;
        }
    };
    const whenSeen = () => {
        clearInterval(timer);
        if (document.hidden) return;
        move();
        timer = window.setInterval(move, 15_000);
    };
    whenSeen();
    document.addEventListener('visibilitychange', whenSeen);
    return () => {
        clearInterval(timer);
        document.removeEventListener('visibilitychange', whenSeen);
    };
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
