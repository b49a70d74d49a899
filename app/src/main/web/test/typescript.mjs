import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';

/** Lets node run the page's TypeScript as it is. */
export async function load(url, context, next) {
  if (!/\.tsx?$/.test(url) || url.includes('/node_modules/')) return next(url, context);
  const path = fileURLToPath(url);
  const { code } = await transformWithOxc(await readFile(path, 'utf8'), path, { jsx: { runtime: 'automatic', importSource: 'preact' } });
  return { format: 'module', source: code, shortCircuit: true };
}
