// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextPage } from '../../web/link-header.js';

/** @param {string} [link] */
const response = (link) => new Response('[]', { headers: link ? { Link: link } : {} });

test('the next page is the one that the response links to', () => {
    const links = {
        '</api/users?after=100>; rel="next"': '/api/users?after=100',
        '</api/people?q=a%3Eb&limit=100&after=AAA>; rel="next"':
            '/api/people?q=a%3Eb&limit=100&after=AAA',
        '</api/users>; rel="first", </api/users?after=7>; rel=next': '/api/users?after=7',
        '</api/users>; rel="first"': null,
        '</api/users>; rel="nextdoor"': null,
    };

    for (const [link, address] of Object.entries(links)) {
        assert.equal(nextPage(response(link)), address, link);
    }
    assert.equal(nextPage(response()), null);
});
