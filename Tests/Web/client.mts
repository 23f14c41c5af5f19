// Uses of the module that its types must allow, and misuses that they must reject.
import { answer, CookiesBlocked, Gatehouse, json, Refusal, Unreachable } from '../../web/gatehouse.js';
import type { ChangeEvent, Session, User } from '../../web/gatehouse.js';

export async function use(): Promise<string[]> {
    const gatehouse = new Gatehouse({ base: 'https://api.example.com', timeout: 5000 });
    const listener = (event: ChangeEvent) => console.log(event.detail.user?.role);
    gatehouse.addEventListener('change', listener, { once: true });
    gatehouse.addEventListener('change', ({ detail }) => console.log(detail.expired));
    gatehouse.addEventListener('other', (event: Event) => console.log(event.type));
    gatehouse.removeEventListener('change', listener);
    const before: User | null | undefined = gatehouse.user;
    try {
        await gatehouse.signUp('jane@example.com', 'Passw0rd!');
        const user: User = await gatehouse.logIn('jane@example.com', 'Passw0rd!');
        const sessions: Session[] = await gatehouse.sessions();
        for (const { id, current } of sessions) if (!current) await gatehouse.endSession(id);
        await gatehouse.changePassword('Passw0rd!', 'An0ther!');
        const response: Response = await gatehouse.fetch('/api/people', json('POST', {}));
        const person: { id: number } = await answer(response);
        await gatehouse.logOut({ everywhere: true });
        await gatehouse.logOut();
        gatehouse.close();
        return [user.username, String(person.id), before?.role ?? ''];
    } catch (error) {
        if (error instanceof Refusal) return [String(error.status), ...error.errors];
        if (error instanceof CookiesBlocked) return [error.message];
        if (error instanceof Unreachable) return [error.message, String(error.retryAfter)];
        throw error;
    }
}

export async function misuse(gatehouse: Gatehouse): Promise<void> {
    // @ts-expect-error: the user is null if no one is signed in
    (await gatehouse.me()).role;
    // @ts-expect-error: the property is read-only
    gatehouse.user = { username: 'jane@example.com', role: 'admin' };
    // @ts-expect-error: a misspelt option
    await gatehouse.logOut({ everwhere: true });
    // @ts-expect-error: a session's id is a string
    await gatehouse.endSession(7);
    // @ts-expect-error: the event has no token
    gatehouse.addEventListener('change', ({ detail }) => detail.token);
    // @ts-expect-error: a response must be awaited before its body is read
    await answer(gatehouse.fetch('/api/people'));
}
