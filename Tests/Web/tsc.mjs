// @ts-check
import { execFile } from 'node:child_process';

/**
 * What the type checker has to say; nothing where it is content.
 *
 * @param {string[]} words
 * @returns {Promise<string>}
 */
export function tsc(...words) {
    return new Promise((resolve, reject) => execFile('tsc', words, (error, said, complaint) => {
        if (error && typeof error.code !== 'number') reject(error);
        else resolve(said + complaint);
    }));
}
