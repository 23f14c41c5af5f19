// @ts-check
import { answer, json, Refusal } from '../gatehouse.js';

/** @typedef {import('./person-names.js').Person} Person */
/** @typedef {import('./person-names.js').Names} Names */

/**
 * The result of a change. `conflict` means that someone else changed the person first. The change
 * was not made, and the record now has the other user's version. `gone` means that someone deleted
 * the person.
 *
 * @typedef {'done' | 'conflict' | 'gone'} Result
 */

/**
 * The version of a person that the app last received. A change applies only to this version,
 * because it is sent with the version's entity tag as `If-Match` (RFC 9110, section 13.1.1).
 */
export class PersonRecord {
    #gatehouse;
    #person;
    #onChange;
    /** The version's entity tag; empty until the version is loaded from the server. */
    #tag = '';
    /** @type {Promise<boolean> | undefined} */
    #reloading;

    /**
     * @param {import('../gatehouse.js').Gatehouse} gatehouse
     * @param {Person} person
     * @param {(person: Person) => void} onChange called with every new version
     */
    constructor(gatehouse, person, onChange) {
        this.#gatehouse = gatehouse;
        this.#person = person;
        this.#onChange = onChange;
    }

    get person() {
        return this.#person;
    }

    /**
     * Sets the version to which the next change applies.
     *
     * @param {Person} person
     */
    startFrom(person) {
        this.#person = person;
        this.#tag = '';
    }

    /**
     * Loads the server's version and its entity tag.
     *
     * @returns {Promise<boolean>} true if the names differ from those of the previous version
     */
    reload() {
        this.#reloading ??= this.#load().finally(() => (this.#reloading = undefined));
        return this.#reloading;
    }

    /**
     * @param {Names} names
     * @returns {Promise<Result>}
     */
    async update(names) {
        const result = await this.#send(json('PUT', names));
        if (result === 'done') this.#become({ ...this.#person, ...names });
        return result;
    }

    /** @returns {Promise<Result>} */
    async delete() {
        return this.#send({ method: 'DELETE' });
    }

    get #path() {
        return `/api/people/${this.#person.id}`;
    }

    async #load() {
        const response = await this.#gatehouse.fetch(this.#path);
        /** @type {Person} */
        const person = await answer(response);
        const { firstName, lastName } = this.#person;
        this.#tag = response.headers.get('ETag') ?? '';
        const isChanged = person.firstName !== firstName || person.lastName !== lastName;
        if (isChanged) this.#become(person);
        return isChanged;
    }

    /** @param {Person} person */
    #become(person) {
        this.#person = person;
        this.#onChange(person);
    }

    /**
     * @param {RequestInit} change
     * @returns {Promise<Result>}
     */
    async #send(change) {
        try {
            if (!this.#tag && (await this.reload())) return 'conflict';
            const headers = { ...change.headers, 'If-Match': this.#tag };
            await answer(await this.#gatehouse.fetch(this.#path, { ...change, headers }));
            this.#tag = '';
            return 'done';
        } catch (error) {
            if (hasStatus(error, 404)) return 'gone';
            if (!hasStatus(error, 412)) throw error;
            this.#tag = '';
        }
        try {
            await this.reload();
            return 'conflict';
        } catch (error) {
            if (hasStatus(error, 404)) return 'gone';
            throw error;
        }
    }
}

/**
 * @param {unknown} error
 * @param {number} status
 */
export function hasStatus(error, status) {
    return error instanceof Refusal && error.status === status;
}
