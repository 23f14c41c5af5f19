// @ts-check

/**
 * Creates an element. Strings among the children become text, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | undefined>} [attributes] the attributes;
 *     `true` sets an empty attribute, `false` and `undefined` omit the attribute
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (value === undefined || value === false) continue;
        node.setAttribute(key, value === true ? '' : String(value));
    }
    node.append(...children);
    return node;
}

/**
 * Creates a button that runs an action instead of submitting a form.
 *
 * @param {string} text
 * @param {() => void} action
 * @param {Record<string, string | boolean>} [attributes]
 */
export function button(text, action, attributes = {}) {
    const node = element('button', { type: 'button', ...attributes }, text);
    node.addEventListener('click', action);
    return node;
}

/**
 * Wraps text from a user in `<bdi>`, so that a right-to-left name does not reorder the sentence
 * around it.
 *
 * @param {string} text
 */
export function isolated(text) {
    return element('bdi', {}, text);
}

/**
 * Sets the message of a live region, or clears it.
 *
 * The paragraph is always replaced, so that a screen reader also reads out a repeated message.
 *
 * @param {Element} region
 * @param {string | Node} [content] the message; an empty one clears the region
 * @param {string} [className]
 */
export function setMessage(region, content = '', className = '') {
    region.replaceChildren(...(content ? [element('p', { class: className }, content)] : []));
}

/** Creates a text with a spinner. CSS shows both after 300 ms, because most waits are shorter. */
export function waitingText(text = 'Loading…') {
    return element('span', { class: 'waiting' }, text);
}

/**
 * Marks an element as waiting after 300 ms. CSS shows a spinner at a marked element.
 *
 * @param {Element} node
 * @returns {() => void} a function that removes the mark, or cancels it if it is not set yet
 */
export function markWaiting(node) {
    const timer = setTimeout(() => node.setAttribute('data-waiting', ''), 300);
    return () => {
        clearTimeout(timer);
        node.removeAttribute('data-waiting');
    };
}

/**
 * Runs an action unless the button's previous action is still running, and marks the button as
 * busy until the action ends.
 *
 * The mark is the attribute `aria-disabled`, because the property `disabled` would take the focus
 * from the button.
 *
 * @param {HTMLElement} pressed
 * @param {() => Promise<void>} action
 */
export async function whileBusy(pressed, action) {
    if (pressed.getAttribute('aria-disabled') === 'true') return;
    pressed.setAttribute('aria-disabled', 'true');
    const endWaiting = markWaiting(pressed);
    try {
        await action();
    } finally {
        endWaiting();
        pressed.removeAttribute('aria-disabled');
    }
}
