import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ATTACKS } from './attacks.ts';
import { launched, opened } from './browser.ts';
import { conversationWith } from './server.ts';

let browser: Browser;
before(async () => void (browser = await launched()));
after(() => browser.close());

const FORBIDDEN = 'script,style,iframe,object,embed,form,input,img,svg:not(.icon,.mark,.katex-html svg,.katex svg),link,meta,base,video,audio,template';

test('hostile Markdown runs nothing, loads nothing and dresses up as nothing', async () => {
  const id = await conversationWith('Hostile', 'Show me', ATTACKS.join('\n\n'));
  const { page, complaints } = await opened(browser, {}, '/#/c/' + id);
  const answer = page.locator('.message.assistant .markdown');
  await answer.waitFor();
  await page.getByText('dressed').waitFor();
  const found = await answer.evaluate((root, forbidden) => {
    const all = [...root.querySelectorAll('*')];
    return {
      elements: all.filter((e) => e.matches(forbidden)).map((e) => e.outerHTML),
      handlers: all.flatMap((e) => e.getAttributeNames().filter((name) => name.startsWith('on')).map((name) => `${e.tagName} ${name}`)),
      links: all.filter((e) => e.hasAttribute('href') && !/^(https?|mailto):/i.test(e.getAttribute('href')!)).map((e) => e.outerHTML),
      dressed: all.filter((e) => e.matches('.dialog, .toast, .sidebar, #page')).length,
      ids: all.filter((e) => e.id !== '' || e.hasAttribute('name')).map((e) => e.outerHTML),
    };
  }, FORBIDDEN);
  assert.deepEqual(found, { elements: [], handlers: [], links: [], dressed: 0, ids: [] });
  for (const link of await answer.locator('a').all()) await link.dispatchEvent('mouseover');
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate('window.hacked'), undefined);
  assert.deepEqual(complaints, []);
});

const RICH = `A **bold** word and \`code\`.

| left | right |
|:--|--:|
| a | 1 |

\`\`\`java
record Point(int x) {}
\`\`\`

$$\\frac{a}{b}$$ and $e^{i\\pi}$

- [x] done
- [ ] open

1. one
   \`\`\`sh
   echo nested
   \`\`\`
`;

test('tables, code with a copy button and formulas are drawn', async () => {
  const id = await conversationWith('Rich', 'Show me', RICH);
  const { page, complaints } = await opened(browser, { permissions: ['clipboard-read', 'clipboard-write'] }, '/#/c/' + id);
  const answer = page.locator('.message.assistant .markdown');
  await answer.locator('.katex-display').waitFor();
  assert.equal(await answer.locator('.katex').count(), 2);
  assert.equal(await answer.locator('td[align=right]').textContent(), '1');
  await answer.locator('.hljs-keyword', { hasText: 'record' }).waitFor();
  assert.equal(await answer.locator('figure.code').count(), 2);
  await answer.locator('.code-copy').first().click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'record Point(int x) {}');
  const height = await answer.locator('.katex-display .vlist').first().evaluate((element) => element.clientHeight);
  assert.ok(height > 0, 'KaTeX has its styles although the policy allows no inline ones');
  assert.deepEqual(complaints, []);
});

test('a very long answer opens quickly and scrolls to its end', async () => {
  const long = Array.from({ length: 300 }, (_, i) => `## Part ${i}\n\n${RICH}`).join('\n') + '\n\nThe very end.';
  const id = await conversationWith('Long', 'Show me', long);
  const { page, complaints } = await opened(browser, {}, '/');
  await page.locator('.composer').waitFor();
  const began = Date.now();
  await page.goto(page.url().replace(/#.*$/, '') + '#/c/' + id);
  await page.getByText('The very end.').waitFor();
  const took = Date.now() - began;
  assert.ok(took < 5000, `${long.length} characters are there after ${took} ms`);
  await page.waitForFunction(() => {
    const thread = document.querySelector('.thread')!;
    return thread.scrollHeight - thread.scrollTop - thread.clientHeight < 50;
  });
  assert.deepEqual(complaints, []);
});
