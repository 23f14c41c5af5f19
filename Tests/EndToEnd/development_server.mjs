// A development server with a configuration from docs/single-page-apps.md, as Vite and `ng serve`
// understand it: it serves the page, and forwards some paths to another server.
//
// Arguments: the folder of the page, a port, and the module with the configuration: Vite's
//   {server: {https?: {cert, key}, proxy}}, where the proxy is {prefix: {target, secure}}.
import { createReadStream, existsSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [page, port, module] = process.argv.slice(2);
const { default: { server } } = await import(pathToFileURL(module).href);
const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };

function answer(request, response) {
    const path = new URL(request.url, 'https://localhost').pathname;
    const prefix = Object.keys(server.proxy).find((prefix) => request.url.startsWith(prefix));
    if (prefix) return forward(request, response, server.proxy[prefix]);
    const file = join(page, path);
    const served = extname(path) && existsSync(file) ? file : join(page, 'index.html');
    response.writeHead(200, { 'Content-Type': types[extname(served)] });
    createReadStream(served).pipe(response);
}

/** As http-proxy does for both servers: the headers stay, `secure` is about the certificate. */
function forward(request, response, { target, secure }) {
    const { method, headers } = request;
    const sent = https.request(
        new URL(request.url, target), { method, headers, rejectUnauthorized: secure },
        (received) => {
            response.writeHead(received.statusCode, received.rawHeaders);
            received.pipe(response);
        });
    sent.on('error', () => response.destroy());
    request.pipe(sent);
}

const listener = server.https
    ? https.createServer(server.https, answer) : http.createServer(answer);
listener.listen(Number(port), 'localhost');
