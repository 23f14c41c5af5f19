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

test('the page and a client of the module have no type errors', async () => {
    assert.equal(await tsc('--project', here), '');
});

// gatehouse.d.ts is written by hand, for its readers; the test compares it with the types that the
// compiler derives from the module's comments.
test('gatehouse.d.ts declares the types of gatehouse.js', async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'gatehouse-types-'));
    context.after(() => rm(directory, { recursive: true }));
    const types = ['User', 'Session', 'ChangeEvent'];
    const functions = Object.keys(module).filter((name) => /^[a-z]/.test(name));
    const classes = Object.keys(module).filter((name) => /^[A-Z]/.test(name));
    await writeFile(join(directory, 'package.json'), '{"type": "module"}');
    await writeFile(join(directory, 'same.ts'), `
        import * as module from './gatehouse.js';
        import * as beside from '${web}/gatehouse.js';

        // Private members make classes differ from each other, so only public keys are compared.
        type Public<T> = { [Key in Exclude<keyof T, \`\${string}EventListener\`>]: T[Key] };
        // TypeScript treats two conditional types as equal only if their conditions are identical.
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

    const emitted = await tsc(
        ...options, ...out, join(web, 'gatehouse.js'), join(here, 'abort-signal.d.ts'));
    assert.equal(emitted, '');
    const compared = await tsc(...options, '--noEmit', join(directory, 'same.ts'));

    assert.equal(compared, '');
});
