// @ts-check
import { button, element } from './dom.js';
import { form, PasswordField } from './form.js';
import { Refusal } from './gatehouse.js';

/**
 * Asks for the signed-in user's password in a dialog, and logs in with it.
 *
 * @param {import('./gatehouse.js').Gatehouse} gatehouse
 * @returns {Promise<boolean>} false if the user cancelled
 */
export function logInAgain(gatehouse) {
    const username = gatehouse.user?.username ?? '';
    const password = new PasswordField(
        { autocomplete: 'current-password', required: true }, { name: 'confirmation' });
    let isLoggedIn = false;

    async function send() {
        if (password.value === '') {
            password.error = 'Your password is required';
            return;
        }
        password.show(false);
        const session = (await gatehouse.sessions()).find(({ current }) => current);
        try {
            await gatehouse.logIn(username, password.value);
        } catch (error) {
            if (!(error instanceof Refusal) || error.status !== 401) throw error;
            password.error = 'This is not your password';
            password.input.select();
            return;
        }
        isLoggedIn = true;
        // The login has replaced the cookies of the previous session, which is no longer of use.
        if (session) await gatehouse.endSession(session.id).catch(() => {});
        dialog.close();
    }

    const cancel = button('Cancel', () => dialog.close());
    const node = form({ fields: [password], action: 'Continue', send, extra: [cancel] });
    // Password managers need the user name that the password belongs to.
    node.prepend(element('input', {
        type: 'text', name: 'username', autocomplete: 'username', hidden: true, readonly: true,
        value: username,
    }));
    const heading = element('h2', { id: 'log-in-again' }, 'Confirm that it is you');
    const dialog = element(
        'dialog', { class: 'panel', 'aria-labelledby': heading.id },
        heading, element('p', {}, 'Your login was a while ago. Please enter your password.'), node);
    document.body.append(dialog);
    dialog.showModal();
    password.input.focus();
    return new Promise((resolve) => {
        dialog.addEventListener('close', () => {
            dialog.remove();
            resolve(isLoggedIn);
        });
    });
}
