// As much of RxJS, Angular and React as it takes to run the examples; an observable is what can be
// asked for one value, as an answer over HTTP is.

const observable = (ask) => ({ ask, pipe: (operation) => operation(observable(ask)) });
export const from = (promise) => observable(() => promise);
export const throwError = (makeError) => observable(() => Promise.reject(makeError()));
export const switchMap = (project) => ({ ask }) =>
    observable(() => ask().then((value) => project(value).ask()));
export const catchError = (selector) => ({ ask }) =>
    observable(() => ask().catch((error) => selector(error).ask()));

/** Angular's backend, at the end of the interceptors. */
export const next = (request) => observable(async () => {
    const response = await fetch(request.url);
    const body = await response.json();
    if (!response.ok) throw { status: response.status, error: body };
    return { status: response.status, body };
});

export class Router {
    createUrlTree = (commands, { queryParams }) => ({ commands, queryParams });
}
export const inject = (Token) => new Token();
export const useSyncExternalStore = (subscribe, snapshot) => ({ subscribe, value: snapshot() });
