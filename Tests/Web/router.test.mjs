// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loginAddress, returnAddress } from '../../web/router.js';

test('the return address stays on this site', () => {
    const origin = 'https://localhost:8443';
    const wishes = {
        '/people?q=a%20b#c': '/people?q=a%20b#c',
        'https://localhost:8443/account': '/account',
        'people': '/people',
        'https://evil.example/people': '/people',
        '//evil.example': '/people',
        '/\\evil.example': '/people',
        '/.//evil.example': '/people',
        '/\t/evil.example': '/people',
        'javascript:alert(1)': '/people',
        'data:text/html,x': '/people',
        'http://[': '/people',
        '/login?return=/login': '/people',
        '': '/people',
    };

    for (const [wish, address] of Object.entries(wishes)) {
        assert.equal(returnAddress(wish, origin), address, wish);
    }
    assert.equal(returnAddress(null, origin), '/people');
});

test('the login page leads back to the address that was asked for', () => {
    const login = loginAddress(new URL('https://localhost:8443/people?q=a%20b'));

    assert.equal(login.pathname, '/login');
    assert.equal(
        returnAddress(login.searchParams.get('return'), login.origin), '/people?q=a%20b');
});
