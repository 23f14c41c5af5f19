// @ts-check

/**
 * Where a list goes on, as its answer's `Link` says (RFC 8288), null behind the last page.
 *
 * @param {Response} response
 */
export function nextPage(response) {
    const links = response.headers.get('Link') ?? '';
    return /<([^>]*)>\s*;\s*rel=(?:"next"|next(?=[\s;,]|$))/.exec(links)?.[1] ?? null;
}
