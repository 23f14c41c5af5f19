// @ts-check
import { execFile } from 'node:child_process';

/**
 * Runs the TypeScript compiler and returns its output, which is empty if there is no error.
 *
 * @param {string[]} parameters
 * @returns {Promise<string>}
 */
export function tsc(...parameters) {
    return new Promise((resolve, reject) => execFile('tsc', parameters, (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error);
        else resolve(stdout + stderr);
    }));
}
