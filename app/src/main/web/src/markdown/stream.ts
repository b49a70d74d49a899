import { CodeBlock } from './code.ts';
import { drawMath } from './katex.ts';
import { morph } from './morph.ts';
import { mended } from './mend.ts';
import { blocksOf, htmlOf, isOpenFence, type Block } from './parse.ts';
import { sanitized } from './sanitize.ts';
import { Splitter } from './splitter.ts';

/** Markdown that grows: blocks that are finished stay as they are, the last one is drawn again with each update. */
export class MarkdownStream {
  private splitter = new Splitter();
  private tail: HTMLElement | null = null;
  private tailCode: CodeBlock | null = null;
  private readonly root: HTMLElement;

  constructor(root: HTMLElement) {
    this.root = root;
  }

  update(text: string, done: boolean): void {
    const { reset, sealed, tail } = this.splitter.update(text, done);
    if (reset) {
      this.root.replaceChildren();
      this.tail = null;
      this.tailCode = null;
    }
    for (const block of sealed) {
      this.draw(block, true);
      this.tail = null;
      this.tailCode = null;
    }
    if (tail) this.draw(tail, false);
    else if (this.tail) this.tail.remove();
  }

  /** Draws into the last place, or opens one. */
  private draw(block: Block, sealed: boolean): void {
    if (!this.tail) {
      this.tail = document.createElement('div');
      this.tail.className = 'block';
      this.root.append(this.tail);
    }
    if (block.token.type === 'code') this.drawCode(block, sealed);
    else {
      this.tailCode = null;
      const fragment = sanitized(sealed ? htmlOf(block.token) : blocksOf(mended(block.raw)).blocks.map(({ token }) => htmlOf(token)).join(''));
      dressed(fragment);
      morph(this.tail, fragment);
    }
  }

  private drawCode(block: Block, sealed: boolean): void {
    const { lang = '', text } = block.token as { lang?: string; text: string };
    const language = /^[\w+#.-]+/.exec(lang)?.[0] ?? '';
    if (!this.tailCode || this.tailCode.element.dataset.lang !== language) {
      this.tailCode = new CodeBlock(language);
      this.tailCode.element.dataset.lang = language;
      this.tail!.replaceChildren(this.tailCode.element);
    }
    this.tailCode.update(text, sealed || !isOpenFence(block));
  }
}

/** Code inside lists and quotes, tables that may be wider than the page, formulas. */
function dressed(fragment: DocumentFragment): void {
  for (const pre of fragment.querySelectorAll<HTMLElement>('pre')) {
    const block = new CodeBlock(pre.dataset.lang ?? '');
    block.update(pre.textContent ?? '', true);
    pre.replaceWith(block.element);
  }
  for (const table of fragment.querySelectorAll('table')) {
    const frame = document.createElement('div');
    frame.className = 'table';
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
  drawMath(fragment);
}
