// What the examples use of Angular, RxJS and React, declared as in their documentation, because
// Debian does not package them.
declare module 'rxjs' {
    export class Observable<T> {
        pipe<A>(operation: (source: Observable<T>) => Observable<A>): Observable<A>;
    }
    type Value<O> = O extends Observable<infer T> ? T : never;
    export function from<T>(promise: Promise<T>): Observable<T>;
    export function throwError(makeError: () => unknown): Observable<never>;
    export function switchMap<T, O extends Observable<any>>(
        project: (value: T) => O): (source: Observable<T>) => Observable<Value<O>>;
    export function catchError<T, O extends Observable<any>>(
        selector: (error: any) => O): (source: Observable<T>) => Observable<T | Value<O>>;
}

declare module '@angular/common/http' {
    import { Observable } from 'rxjs';
    export class HttpRequest<T> {
        readonly body: T | null;
        readonly url: string;
        clone(update: { withCredentials?: boolean }): HttpRequest<T>;
    }
    export class HttpErrorResponse extends Error {
        readonly status: number;
        readonly error: any | null;
    }
    export interface HttpEvent<T> { readonly body?: T | null }
    export type HttpInterceptorFn = (
        request: HttpRequest<unknown>,
        next: (request: HttpRequest<unknown>) => Observable<HttpEvent<unknown>>,
    ) => Observable<HttpEvent<unknown>>;
}

declare module '@angular/core' {
    export function inject<T>(token: abstract new (...parts: never[]) => T): T;
}

declare module '@angular/router' {
    export class UrlTree { toString(): string }
    export class Router {
        createUrlTree(
            commands: readonly any[], extras?: { queryParams?: Record<string, any> | null }): UrlTree;
    }
    export type CanActivateFn = (
        route: { url: unknown }, state: { url: string },
    ) => boolean | UrlTree | Promise<boolean | UrlTree>;
}

declare module 'react' {
    export function useSyncExternalStore<Snapshot>(
        subscribe: (changed: () => void) => () => void, snapshot: () => Snapshot): Snapshot;
}
