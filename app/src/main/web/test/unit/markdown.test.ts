import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mended } from '../../src/markdown/mend.ts';
import { blocksOf, htmlOf, isOpenFence } from '../../src/markdown/parse.ts';
import { Splitter } from '../../src/markdown/splitter.ts';

const html = (text: string) => blocksOf(text).blocks.map(({ token }) => htmlOf(token)).join('');

const LONG = `# Title

A paragraph with **bold**, \`code\` and $x^2$.
Second line.

- one
- two

  still two
  1. inner
- three

| a | b |
|---|--:|
| 1 | 2 |

\`\`\`java
class A {

  int b; // not a heading: # x
}
\`\`\`

> quote
> more

$$
a + b
$$

Setext
------

Last words`;

test('a text that grows letter by letter ends as the text drawn at once', () => {
  const splitter = new Splitter();
  const sealed: string[] = [];
  for (let i = 1; i <= LONG.length; i++) {
    const step = splitter.update(LONG.slice(0, i), false);
    assert.equal(step.reset, false);
    sealed.push(...step.sealed.map(({ token }) => htmlOf(token)));
  }
  sealed.push(...splitter.update(LONG, true).sealed.map(({ token }) => htmlOf(token)));
  assert.equal(sealed.join(''), html(LONG));
});

test('only the end of a long text is read again', () => {
  const splitter = new Splitter();
  const text = 'A paragraph of some length, as they are.\n\n'.repeat(5000);
  splitter.update(text, false);
  const began = performance.now();
  for (let i = 0; i < 200; i++) splitter.update(text + 'word '.repeat(i), false);
  assert.ok(performance.now() - began < 1000, 'two hundred updates behind 200 kB take under a second');
});

test('another text resets, and line ends of Windows do not count twice', () => {
  const splitter = new Splitter();
  splitter.update('one\r\n\r\ntwo', false);
  const grown = splitter.update('one\r\n\r\ntwo\r\n\r\nthree', false);
  assert.equal(grown.reset, false);
  assert.deepEqual(grown.sealed.map(({ raw }) => raw.trim()), ['two']);
  assert.equal(splitter.update('other', false).reset, true);
});

test('a fence is open until it is closed by one as long', () => {
  const open = (text: string) => isOpenFence(blocksOf(text).blocks[0]!);
  assert.equal(open('```'), true);
  assert.equal(open('```js\nlet a'), true);
  assert.equal(open('````md\n```js\n```\n'), true);
  assert.equal(open('```js\nlet a\n```'), false);
});

test('formulas are found in every notation, and money is not one', () => {
  for (const tex of ['$a_1$', '$$a_1$$', '\\(a_1\\)', '\\[a_1\\]']) assert.match(html(`see ${tex} here`), /data-tex="a_1"/, tex);
  assert.match(html('\\[\na\n\\]'), /data-tex="a" data-display="true"/);
  assert.match(html('价格$x$元'), /data-tex="x"/);
  for (const text of ['It costs $5 or $6 today', '`$a$`', 'a \\$b$ c']) assert.doesNotMatch(html(text), /data-tex/, text);
  assert.match(html('$a<b & "c"$'), /data-tex="a&lt;b &amp; &quot;c&quot;"/);
});

test('Chinese bold needs no spaces around it', () => {
  assert.match(html('**注意：**请看'), /<strong>注意：<\/strong>请看/);
  assert.match(html('这是**“重点”**。'), /<strong>“重点”<\/strong>/);
  assert.doesNotMatch(html('2 ** 3 ** 4'), /<strong>/);
});

test('pictures become links, so that nothing is loaded', () => {
  assert.equal(html('![cat](https://x.example/c.png)').trim(), '<p><a href="https://x.example/c.png">cat</a></p>');
});

test('HTML is plain tags or text', () => {
  assert.equal(html('H<sub>2</sub>O<br/>a <kbd>b</kbd>').trim(), '<p>H<sub>2</sub>O<br>a <kbd>b</kbd></p>');
  assert.match(html('<div class="x"><sup>1</sup></div>'), /^&lt;div class=&quot;x&quot;&gt;<sup>1<\/sup>&lt;\/div&gt;/);
  assert.doesNotMatch(html('a <b onclick="x()">b</b>'), /<b /);
  assert.equal(html('<!-- hidden -->').trim(), '');
});

test('the end of a growing text is drawn as it will be', () => {
  const cases: [string, string][] = [
    ['some **bold te', 'some **bold te**'],
    ['some **', 'some '],
    ['some **bold*', 'some **bold**'],
    ['some `code', 'some `code`'],
    ['some `', 'some '],
    ['Title\n-', 'Title\n'],
    ['text\n\n| a | b |', 'text\n'],
    ['text\n\n| a | b |\n|--', 'text\n'],
    ['| a |\n|---|\n| 1', '| a |\n|---|\n| 1'],
    ['see [the page](https://x.exa', 'see the page'],
    ['so $$a +', 'so '],
    ['so \\[a +', 'so '],
    ['so $a_', 'so '],
    ['it costs $5', 'it costs $5'],
    ['- item with ```', '- item with ``'],
    ['done **bold** and `code`', 'done **bold** and `code`'],
    ['- a\n  ```sh\n  echo **', '- a\n  ```sh\n  echo **'],
  ];
  for (const [raw, expected] of cases) assert.equal(mended(raw), expected, JSON.stringify(raw));
});
