// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const web = new URL('../../web/', import.meta.url);
const source = (/** @type {URL} */ file) => readFileSync(file, 'utf8');

/**
 * All that a module imports, and what that imports.
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

test('a view is asked for with all its parts, and with nothing else', () => {
    const page = source(new URL('index.html', web));
    const ofEveryPage = [...page.matchAll(/modulepreload" href="\/(.*?)"/g)]
        .map(([, name]) => new URL(name, web).href);
    const routes = /const routes = \{(.*?)\n\};/s.exec(source(new URL('app.js', web)))?.[1] ?? '';
    const views = [...routes.matchAll(/view: '(.*?)',?\s(?:\s*parts: \[(.*?)\])?/gs)];
    assert.equal(views.length, 5);

    for (const [, view, parts = ''] of views) {
        const asked = [...parts.matchAll(/'(.*?)'/g)].map(([, name]) => new URL(name, web).href);
        const needed = [...importsOf(new URL(view, web))]
            .filter((name) => !ofEveryPage.includes(name));
        assert.deepEqual(asked.sort(), needed.sort(), view);
    }
});
