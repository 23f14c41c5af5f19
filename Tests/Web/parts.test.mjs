// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const web = new URL('../../web/', import.meta.url);
const source = (/** @type {URL} */ file) => readFileSync(file, 'utf8');

/**
 * Returns the modules that a module imports, directly and indirectly.
 *
 * @param {URL} module
 * @param {Set<string>} found
 */
function importsOf(module, found = new Set()) {
    for (const [, name] of source(module).matchAll(/^(?:import|\}).* from '([^']+)';$/gm)) {
        const imported = new URL(name, module);
        if (found.has(imported.href)) continue;
        found.add(imported.href);
        importsOf(imported, found);
    }
    return found;
}

test('a view is requested together with all of its parts, and with nothing else', () => {
    const page = source(new URL('index.html', web));
    const ofEveryPage = [...page.matchAll(/modulepreload" href="\/(.*?)"/g)]
        .map(([, name]) => new URL(name, web).href);
    const router = source(new URL('router.js', web));
    const routes = /const routes = \{(.*?)\n\};/s.exec(router)?.[1] ?? '';
    const views = [...routes.matchAll(/view: '(.*?)',?\s(?:\s*parts: \[(.*?)\])?/gs)];
    assert.equal(views.length, 5);

    for (const [, view, parts = ''] of views) {
        const requested = [...parts.matchAll(/'(.*?)'/g)]
            .map(([, name]) => new URL(name, web).href);
        const needed = [...importsOf(new URL(view, web))]
            .filter((name) => !ofEveryPage.includes(name));
        assert.deepEqual(requested.sort(), needed.sort(), view);
    }
});
