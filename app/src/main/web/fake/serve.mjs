// A stand-in for the server, to design and test the page without Java: docs/page-api.md with canned answers, all in memory.
//   node fake/serve.mjs [port]     serves the built page too; FAKE_RATE tokens a second, FAKE_KEY an API key, FAKE_EMPTY nothing in it
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { Answers } from './answers.mjs';
import { routes } from './routes.mjs';
import { State } from './state.mjs';

const port = Number(process.argv[2] ?? process.env.PORT ?? 8090);
const web = join(import.meta.dirname, '../../resources/web');
const key = process.env.FAKE_KEY ?? null;
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

const state = new State({ empty: process.env.FAKE_EMPTY === '1', rate: Number(process.env.FAKE_RATE ?? 60) });
const answers = new Answers(state);
const table = routes(state, answers);

class Refusal extends Error {
  constructor(status, code, message, hint = null) {
    super(message);
    Object.assign(this, { status, code, hint });
  }
}
state.refuse = (status, code, message, hint) => {
  throw new Refusal(status, code, message, hint);
};

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return (request.headers['content-type'] ?? '').startsWith('application/json') && text ? JSON.parse(text) : text;
}

function check(request) {
  const site = request.headers['sec-fetch-site'];
  if (site && site !== 'same-origin' && site !== 'none') state.refuse(403, 'cross_origin', 'another origin asks');
  const origin = request.headers.origin;
  if (origin && new URL(origin).host !== request.headers.host) state.refuse(403, 'cross_origin', 'another origin asks');
  const signedIn = key === null || (request.headers.cookie ?? '').includes('hadal_session=yes');
  return { key, signedIn };
}

async function api(request, response, url) {
  const session = check(request);
  const path = url.pathname.slice('/hadal/v1'.length);
  if (path !== '/session' && !session.signedIn) state.refuse(401, 'key_required', 'this server wants an API key');
  if (path === '/events') return state.stream(request, response);
  for (const [method, pattern, handle] of table) {
    const match = method === request.method && pattern.exec(path);
    if (!match) continue;
    const result = await handle({ id: match[1] && decodeURIComponent(match[1]), query: url.searchParams, body: await bodyOf(request), response, session });
    const { status = result === undefined ? 204 : 200, json = result, text, headers = {} } = result?.$ ?? {};
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers });
    return response.end(text ?? (status === 204 ? '' : JSON.stringify(json)));
  }
  state.refuse(404, 'unknown_path', `nothing at ${request.method} ${path}`);
}

function file(response, url) {
  const path = join(web, normalize(url.pathname === '/' ? '/index.html' : url.pathname));
  if (!path.startsWith(web) || !existsSync(path)) return response.writeHead(404).end('not found');
  response.writeHead(200, {
    'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    'Content-Security-Policy': CSP,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': url.pathname === '/' ? 'no-cache' : 'public, max-age=31536000, immutable',
  });
  createReadStream(path).pipe(response);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://x');
  try {
    if (url.pathname.startsWith('/hadal/v1/')) await api(request, response, url);
    else file(response, url);
  } catch (error) {
    const failure = { code: error.code ?? 'internal', message: error.message, hint: error.hint ?? null, param: null };
    if (!error.status) console.error(error);
    response.writeHead(error.status ?? 500, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ error: failure }));
  }
});
server.listen(port, '127.0.0.1', () => console.log(`a stand-in for the server: http://localhost:${port}`));
