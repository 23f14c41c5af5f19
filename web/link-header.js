// @ts-check

/**
 * Returns the address of the next page of a list, as the response's `Link` header gives it
 * (RFC 8288), or null after the last page.
 *
 * @param {Response} response
 */
export function nextPage(response) {
    const links = response.headers.get('Link') ?? '';
    return /<([^>]*)>\s*;\s*rel=(?:"next"|next(?=[\s;,]|$))/.exec(links)?.[1] ?? null;
}

/**
 * Returns how long the list is of which a response is a page, or null if the server does not say.
 *
 * @param {Response} response
 */
export function totalCount(response) {
    const total = response.headers.get('X-Total-Count') ?? '';
    return /^\d+$/.test(total) ? Number(total) : null;
}
