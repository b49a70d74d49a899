import { Lexer, Marked, Parser, type Token, type TokensList } from 'marked';
import { blockMath, inlineMath } from './math.ts';
import { strong } from './strong.ts';

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const marked = new Marked({
  gfm: true,
  breaks: true,
  extensions: [blockMath, inlineMath, strong],
  renderer: {
    code({ text, lang }) {
      const language = /^[\w+#.-]+/.exec(lang ?? '')?.[0] ?? '';
      return `<pre data-lang="${escaped(language)}"><code>${escaped(text)}</code></pre>`;
    },
    // A picture from elsewhere would tell a stranger that, and what, one reads: it is shown as a link.
    image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
    html: ({ text }) => plainHtml(text),
    checkbox: ({ checked }) => `<span data-check="${checked}">${checked ? '☑' : '☐'}</span> `,
  },
});

// HTML that people write into Markdown, without attributes; all other is shown as what was written.
const PLAIN_TAG = /&lt;(\/?)(b|br|dd|del|details|dl|dt|em|hr|i|ins|kbd|mark|p|q|s|small|strong|sub|summary|sup|u|wbr)[ \t]*\/?&gt;/gi;

function plainHtml(html: string): string {
  return escaped(html.replace(/<!--[\s\S]*?(?:-->|$)/g, '')).replace(PLAIN_TAG, '<$1$2>');
}

export interface Block {
  token: Token;
  raw: string;
}

export type Links = TokensList['links'];

/** The top-level blocks of `text`; their `raw` joined is the text again. */
export function blocksOf(text: string, links: Links = {}): { blocks: Block[]; links: Links } {
  const lexer = new Lexer(marked.defaults);
  Object.assign(lexer.tokens.links, links);
  const tokens = lexer.lex(text);
  return { blocks: tokens.map((token) => ({ token, raw: token.raw })), links: lexer.tokens.links };
}

/** HTML, not yet sanitised. */
export function htmlOf(token: Token): string {
  return Parser.parse([token], marked.defaults);
}

/** A fence that nothing closes yet: its body only grows. */
export function isOpenFence({ token, raw }: Block): boolean {
  const fence = token.type === 'code' && /^ {0,3}(`{3,}|~{3,})/.exec(raw)?.[1];
  if (!fence) return false;
  const lines = raw.trimEnd().split('\n');
  return lines.length === 1 || !(lines.at(-1)!.trim().startsWith(fence) && /^(`+|~+)$/.test(lines.at(-1)!.trim()));
}
