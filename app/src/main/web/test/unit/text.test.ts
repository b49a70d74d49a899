import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../src/api/types.ts';
import { en } from '../../src/i18n/en.ts';
import { zh } from '../../src/i18n/zh.ts';
import { snippet, LANGUAGES } from '../../src/server/snippets.ts';
import { href, parse } from '../../src/state/route.ts';
import { append, apply } from '../../src/text/delta.ts';
import { ageOf } from '../../src/text/format.ts';
import { branch, leafBelow } from '../../src/text/tree.ts';

test('a delta is taken once, however often it comes', () => {
  assert.equal(append('The sea', [7, ' is']), 'The sea is');
  assert.equal(append('The sea is', [7, ' is']), 'The sea is');
  assert.equal(append('The sea i', [7, ' is blue']), 'The sea is blue');
  assert.equal(append('', [0, '海']), '海');
});

test('a delta behind a gap says that something is missing', () => {
  assert.equal(append('The', [7, ' is']), null);
  const message = { content: 'ab', thinking: 'xyz' } as Message;
  assert.equal(apply(message, { message: 'm', content: [3, 'd'] }), null);
  assert.equal(apply(message, { message: 'm', content: [0, 'ab'] }), message);
  assert.deepEqual(apply(message, { message: 'm', thinking: [3, '!'] }), { content: 'ab', thinking: 'xyz!' });
});

const TREE = [
  { id: 'q', parent: null }, { id: 'a', parent: 'q' }, { id: 'b', parent: 'q' }, { id: 'q2', parent: 'a' }, { id: 'a2', parent: 'q2' }, { id: 'p', parent: null },
];

test('a branch leads from a first message to its leaf and knows what lies beside', () => {
  assert.deepEqual(branch(TREE, 'a2').map(({ id, siblings }) => [id, siblings.join()]), [['q', 'q,p'], ['a', 'a,b'], ['q2', 'q2'], ['a2', 'a2']]);
  assert.deepEqual(branch(TREE, 'gone').map(({ id }) => id), ['p']);
  assert.deepEqual(branch([], null), []);
});

test('going to another branch goes down to its newest leaf', () => {
  assert.equal(leafBelow(TREE, 'a'), 'a2');
  assert.equal(leafBelow(TREE, 'q'), 'b');
  assert.equal(leafBelow(TREE, 'p'), 'p');
});

test('both languages say everything, with the same blanks', () => {
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    assert.notEqual(zh[key].trim(), '', key);
    assert.equal(blanks(zh[key]), blanks(en[key]), key);
  }
});

test('addresses read back as what they were made from', () => {
  for (const route of [{ view: 'chat', id: null }, { view: 'chat', id: 'c_1' }, { view: 'compare', id: 'x_1' }, { view: 'compare', id: null }, { view: 'models' }, { view: 'server' }] as const) {
    assert.deepEqual(parse(href(route)), route);
  }
  assert.deepEqual(parse('#/elsewhere'), { view: 'chat', id: null });
});

test('conversations stand under their day', () => {
  const now = new Date(2026, 10, 25, 10);
  const at = (day: number, hour: number) => ageOf(new Date(2026, 10, day, hour).getTime(), now);
  assert.deepEqual([at(25, 0), at(24, 23), at(24, 0), at(20, 12), at(1, 12)], ['today', 'yesterday', 'yesterday', 'week', 'month']);
});

test('snippets have the address, the model, and the key only where one is wanted', () => {
  for (const { id } of LANGUAGES) {
    const open = snippet(id, 'http://localhost:8080', 'a"b', false);
    assert.match(open, /http:\/\/localhost:8080\/v1/);
    assert.ok(open.includes('"a\\"b"'), id);
    assert.doesNotMatch(open, /HADAL_API_KEY/);
    assert.match(snippet(id, 'http://localhost:8080', 'tiny', true), /HADAL_API_KEY/);
  }
});
