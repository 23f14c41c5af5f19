// The parts of RxJS, Angular and React that the examples need. An observable has one value here,
// such as the response to a request.

const observable = (ask) => ({ ask, pipe: (operation) => operation(observable(ask)) });
export const from = (promise) => observable(() => promise);
export const throwError = (makeError) => observable(() => Promise.reject(makeError()));
export const switchMap = (project) => ({ ask }) =>
    observable(() => ask().then((value) => project(value).ask()));
export const catchError = (selector) => ({ ask }) =>
    observable(() => ask().catch((error) => selector(error).ask()));

/** Angular's HTTP backend, which the last interceptor calls. */
export const next = (request) => observable(async () => {
    const response = await fetch(request.url);
    const body = await response.json();
    if (!response.ok) throw { status: response.status, error: body, request };
    return { status: response.status, body, request };
});

export class Router {
    createUrlTree = (commands, { queryParams }) => ({ commands, queryParams });
}
export const inject = (Token) => new Token();
export const useSyncExternalStore = (subscribe, snapshot) => ({ subscribe, value: snapshot() });
