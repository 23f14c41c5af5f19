// @ts-check
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as module from '../../web/gatehouse.js';
import { tsc } from './tsc.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const web = fileURLToPath(new URL('../../web', import.meta.url));

test('the page and a client of the module keep to their types', async () => {
    assert.equal(await tsc('--project', here), '');
});

// Written by hand, for people; what the compiler makes of the module's comments is held against it.
test('the types beside the module are the types of the module', async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'gatehouse-types-'));
    context.after(() => rm(directory, { recursive: true }));
    const types = ['User', 'Session', 'ChangeEvent'];
    const functions = Object.keys(module).filter((name) => /^[a-z]/.test(name));
    const classes = Object.keys(module).filter((name) => /^[A-Z]/.test(name));
    await writeFile(join(directory, 'package.json'), '{"type": "module"}');
    await writeFile(join(directory, 'same.ts'), `
        import * as module from './gatehouse.js';
        import * as beside from '${web}/gatehouse.js';

        // What a class has in private makes it unlike every other, and is no key.
        type Public<T> = { [Key in Exclude<keyof T, \`\${string}EventListener\`>]: T[Key] };
        // Two conditional types are one only if what they ask for is the same in every respect.
        type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2)
            ? true : [A, 'is not', B];
        const same = <A, B>(is: Same<A, B>) => is;
        same<keyof typeof module, keyof typeof beside>(true);
        ${types.map((name) => `same<module.${name}, beside.${name}>(true);`).join('\n')}
        ${functions.map((name) => `
        same<typeof module.${name}, typeof beside.${name}>(true);`).join('')}
        ${classes.map((name) => `
        same<Public<module.${name}>, Public<beside.${name}>>(true);
        same<ConstructorParameters<typeof module.${name}>,
            ConstructorParameters<typeof beside.${name}>>(true);`).join('')}
    `);
    const options = ['--strict', '--target', 'es2022', '--module', 'node16'];
    const out = ['--allowJs', '--declaration', '--emitDeclarationOnly', '--outDir', directory];

    const made = await tsc(
        ...options, ...out, join(web, 'gatehouse.js'), join(here, 'abort-signal.d.ts'));
    assert.equal(made, '');
    const compared = await tsc(...options, '--noEmit', join(directory, 'same.ts'));

    assert.equal(compared, '');
});
