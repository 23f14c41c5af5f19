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
 * Returns the length of the whole list, of which the response is one page, or null if the server
 * does not say, as in the results of a search.
 *
 * @param {Response} response
 */
export function totalCount(response) {
    const total = response.headers.get('X-Total-Count') ?? '';
    return /^\d+$/.test(total) ? Number(total) : null;
}
