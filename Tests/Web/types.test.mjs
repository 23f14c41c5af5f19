// @ts-check
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as module from '../../web/gatehouse.js';

const types = await readFile(new URL('../../web/gatehouse.d.ts', import.meta.url), 'utf8');

/** @param {RegExp} form whose first group is a name */
const named = (form, text = types) => new Set([...text.matchAll(form)].map((match) => match[1]));

test('the types name what the module exports', () => {
    const declared = named(/^export (?:class|function) (\w+)/gm);

    assert.deepEqual(declared, new Set(Object.keys(module)));
});

test('the types name what a client can do', () => {
    const [, body] = types.split('export class Gatehouse');
    const declared = named(/^    (?:get )?(\w+)\(/gm, body);
    // Inherited, and declared for the sake of the event's type.
    declared.delete('addEventListener');
    declared.delete('removeEventListener');

    assert.deepEqual(declared, new Set(Object.getOwnPropertyNames(module.Gatehouse.prototype)));
});
