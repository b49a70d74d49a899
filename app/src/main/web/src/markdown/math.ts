import type { TokenizerAndRendererExtension, Tokens } from 'marked';

// LaTeX as models write it: $...$, $$...$$, \(...\), \[...\]. A dollar before a digit that is not closed tightly is money.
const INLINE = [/^\$\$([^$]+?)\$\$/, /^\$(?!\s)((?:\\.|[^\\$\n])+?)(?<!\s)\$(?![\dA-Za-z])/, /^\\\(([\s\S]+?)\\\)/, /^\\\[([\s\S]+?)\\\]/];
const BLOCK = [/^ {0,3}\$\$([\s\S]+?)\$\$[ \t]*(?:\n|$)/, /^ {0,3}\\\[([\s\S]+?)\\\][ \t]*(?:\n|$)/];

interface Math extends Tokens.Generic {
  text: string;
  display: boolean;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The place of a formula: its source as text until KaTeX has come, and for good if it is not a formula. */
function placeholder({ raw, text, display }: Math): string {
  return `<span data-tex="${escaped(text.trim())}" data-display="${display}">${escaped(raw.trim())}</span>`;
}

function match(patterns: RegExp[], src: string): RegExpExecArray | null {
  for (const pattern of patterns) {
    const found = pattern.exec(src);
    if (found?.[1]?.trim()) return found;
  }
  return null;
}

export const inlineMath: TokenizerAndRendererExtension = {
  name: 'inlineMath',
  level: 'inline',
  start: (src) => {
    const at = src.search(/\$|\\\(|\\\[/);
    return at < 0 ? undefined : at;
  },
  tokenizer(src) {
    const found = match(INLINE, src);
    if (!found) return undefined;
    const raw = found[0];
    return { type: 'inlineMath', raw, text: found[1], display: raw.startsWith('$$') || raw.startsWith('\\[') };
  },
  renderer: (token) => placeholder(token as Math),
};

export const blockMath: TokenizerAndRendererExtension = {
  name: 'blockMath',
  level: 'block',
  start: (src) => {
    const at = src.search(/(?:^|\n) {0,3}(?:\$\$|\\\[)/);
    return at < 0 ? undefined : at;
  },
  tokenizer(src) {
    const found = match(BLOCK, src);
    return found ? { type: 'blockMath', raw: found[0], text: found[1], display: true } : undefined;
  },
  renderer: (token) => `<p>${placeholder(token as Math)}</p>`,
};
