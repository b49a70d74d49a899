// While a text grows, its end is often half of something: a table's first row, a "-" that would make the line above a heading, stars
// whose partners have not come. Drawn as it is it flickers; so the end is drawn as it most likely will be, and whole when it is.

const MARKS_ALONE = /^[ \t>]*(?:[-=*_#+~|:`$\\ \t]*|\d+[.)]?[ \t]*)$/;
const HALF_LINK = /!?\[([^\]\n]*)\]\([^)\s]*$/;
const LONGEST_WAIT = 80;

/** The last, growing block as it may be drawn. */
export function mended(raw: string): string {
  if (inFence(raw)) return raw;
  let text = raw;
  const lastLine = text.lastIndexOf('\n') + 1;
  if (MARKS_ALONE.test(text.slice(lastLine))) text = text.slice(0, lastLine);
  return closed(withoutTableHead(text));
}

function inFence(text: string): boolean {
  return (text.match(/^[ \t>]*(?:[-*+\d.]+[ \t]+)?(?:```|~~~)/gm)?.length ?? 0) % 2 === 1;
}

/** A lone row with bars is the head of a table that has not said so yet. */
function withoutTableHead(text: string): string {
  const lines = text.trimEnd().split('\n');
  const bar = (line: string | undefined) => line !== undefined && /^ {0,3}\|/.test(line);
  return bar(lines.at(-1)) && !bar(lines.at(-2)) ? lines.slice(0, -1).join('\n') : text;
}

function closed(text: string): string {
  const display = text.split('$$');
  if (display.length % 2 === 0) return display.slice(0, -1).join('$$');
  const bracket = Math.max(text.lastIndexOf('\\['), text.lastIndexOf('\\('));
  if (bracket >= 0 && !/\\[\])]/.test(text.slice(bracket))) return text.slice(0, bracket);

  const start = text.lastIndexOf('\n') + 1;
  const line = text.slice(start).replace(HALF_LINK, '$1');
  return text.slice(0, start) + closedLine(line);
}

function closedLine(line: string): string {
  const outside = line.replace(/`[^`]*`/g, (code) => '·'.repeat(code.length));
  const tick = outside.lastIndexOf('`');
  if (tick >= 0) return tick === line.length - 1 ? line.slice(0, -1) : line + '`';

  const math = /(?<![\\$])\$(?=[^\s\d$])[^$]*$/.exec(outside.replace(/\$[^$\n]+\$/g, (tex) => '·'.repeat(tex.length)));
  if (math && line.length - math.index < LONGEST_WAIT) return line.slice(0, math.index);

  const stars = outside.split('**').length - 1;
  if (stars % 2 === 0) return line;
  const trimmed = line.replace(/\*?\s*$/, '');
  return trimmed.endsWith('*') ? trimmed.replace(/\*+$/, '') : trimmed + '**';
}
