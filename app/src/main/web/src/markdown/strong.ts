import type { TokenizerAndRendererExtension } from 'marked';

/**
 * Bold as Chinese is written: CommonMark wants a space or a sign outside of `**` when a sign is inside, so that `**注意：**请` would
 * keep its stars. What has stars or code inside is left to CommonMark.
 */
export const strong: TokenizerAndRendererExtension = {
  name: 'tightStrong',
  level: 'inline',
  start: (src) => {
    const at = src.indexOf('**');
    return at < 0 ? undefined : at;
  },
  tokenizer(src) {
    const found = /^\*\*(?![\s*])([^*`\n]*[^*`\s])\*\*(?!\*)/.exec(src);
    return found ? { type: 'tightStrong', raw: found[0], tokens: this.lexer.inlineTokens(found[1]!) } : undefined;
  },
  renderer(token) {
    return `<strong>${this.parser.parseInline(token.tokens ?? [])}</strong>`;
  },
};
