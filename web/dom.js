// @ts-check

/**
 * Makes an element; strings among the children become text, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | undefined>} [attributes] true: an empty
 *     attribute, false or undefined: none
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
 * A button that does something here, rather than send a form.
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
 * Someone's text, kept from turning the sentence around it (right-to-left names).
 *
 * @param {string} text
 */
export function isolated(text) {
    return element('bdi', {}, text);
}

/**
 * Fills a live region, or empties it; the same text again is said again.
 *
 * @param {Element} region
 * @param {string | Node} [content]
 * @param {string} [className]
 */
export function say(region, content = '', className = '') {
    region.replaceChildren(...(content ? [element('p', { class: className }, content)] : []));
}
