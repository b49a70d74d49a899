// After a build: what the page weighs before one can write in it, gzipped, and no more than it may.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MOST = 120_000;
const web = join(import.meta.dirname, '../resources/web');
const html = readFileSync(join(web, 'index.html'), 'utf8');
const first = ['index.html', ...[...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => match[1])];
const weight = (file) => gzipSync(readFileSync(join(web, file))).length;
const total = first.reduce((sum, file) => sum + weight(file), 0);
const all = readdirSync(join(web, 'assets')).reduce((sum, file) => sum + readFileSync(join(web, 'assets', file)).length, 0);

console.log(`first load ${(total / 1000).toFixed(1)} kB gzipped (at most ${MOST / 1000}), everything ${(all / 1000).toFixed(0)} kB`);
if (/<script(?![^>]*\ssrc=)|\sstyle=|<style/.test(html)) throw new Error('index.html has inline code or style, which the content security policy forbids');
if (total > MOST) throw new Error(`the first load is ${total - MOST} bytes too heavy: load something later`);
