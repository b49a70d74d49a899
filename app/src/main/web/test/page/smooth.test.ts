import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launched } from './browser.ts';

const PORT = 8093;
let browser: Browser;
const fast = spawn(process.execPath, [join(import.meta.dirname, '../../fake/serve.mjs'), String(PORT)], { env: { ...process.env, FAKE_RATE: '300' }, stdio: ['ignore', 'pipe', 'inherit'] });
before(async () => {
  await new Promise((resolve) => fast.stdout.once('data', resolve));
  browser = await launched();
});
after(async () => {
  await browser.close();
  fast.kill();
});

interface Watched {
  frames: number;
  slow: number;
  gone: number;
}

test('three hundred tokens a second are drawn smoothly, and what is drawn stays', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`http://localhost:${PORT}/`);
  await page.locator('.composer textarea').fill('A long answer, please.');
  await page.keyboard.press('Enter');
  await page.locator('.message.running > .markdown').waitFor();
  const watched = await page.evaluate(async () => {
    const seen: Watched = { frames: 0, slow: 0, gone: 0 };
    const root = document.querySelector('.message.running > .markdown')!;
    // A block that is taken away or drawn twice is what one sees as flicker.
    new MutationObserver((changes) => changes.forEach(({ removedNodes }) => (seen.gone += removedNodes.length))).observe(root, { childList: true });
    const end = performance.now() + 12_000;
    for (let last = performance.now(); last < end; ) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      seen.frames++;
      if (now - last > 100) seen.slow++;
      last = Math.max(last, now);
    }
    return { ...seen, blocks: root.childElementCount, characters: root.textContent!.length };
  });
  console.log(`# ${JSON.stringify(watched)}`);
  assert.ok(watched.characters > 4000, 'the answer came');
  assert.equal(watched.gone, 0);
  assert.ok(watched.frames > 150 && watched.slow < 20, `12 s had ${watched.frames} frames, ${watched.slow} of them over 100 ms`);
});
