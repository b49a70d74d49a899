import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { BASE, FAKE } from './browser.ts';

/** A bare request: fetch would not let one say who asks. */
function status(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  const { hostname, port } = new URL(BASE);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    }).on('error', reject).end();
  });
}

const PATH = '/hadal/v1/conversations';

test('other origins are refused', async () => {
  assert.equal(await status(PATH, {}), 200);
  assert.equal(await status(PATH, { 'Sec-Fetch-Site': 'same-origin' }), 200);
  assert.equal(await status(PATH, { 'Sec-Fetch-Site': 'cross-site' }), 403);
  assert.equal(await status(PATH, { 'Sec-Fetch-Site': 'same-site' }), 403);
  assert.equal(await status(PATH, { Origin: 'https://elsewhere.example' }), 403);
  assert.equal(await status('/hadal/v1/events', { Origin: 'https://elsewhere.example' }), 403);
});

test('a foreign name that points here is refused', { skip: FAKE && 'the stand-in does not look' }, async () => {
  assert.equal(await status(PATH, { Host: 'rebound.example' }), 403);
});

test('the page comes with a policy that allows no inline code and no stranger', async () => {
  const policy = (await fetch(BASE + '/')).headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
});
