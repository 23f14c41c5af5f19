// @ts-check
import { Refusal } from './gatehouse.js';

/**
 * Runs an action. If the server requires a recent login for it, asks for the password, logs in
 * again and repeats the action.
 *
 * @template Result
 * @param {import('./app.js').App} app
 * @param {() => Promise<Result>} action
 * @returns {Promise<Result>}
 * @throws {Refusal} if the server refuses the action, or the user does not enter the password
 */
export async function withRecentLogin(app, action) {
    try {
        return await action();
    } catch (error) {
        if (!(error instanceof Refusal) || error.message !== 'Recent sign-in required') throw error;
        // The dialog is loaded only when it is needed, because most visits do not need it.
        const { logInAgain } = await import('./log-in-again.js');
        if (!(await logInAgain(app.gatehouse))) throw error;
        return action();
    }
}
