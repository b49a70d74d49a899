import { blocksOf, type Block, type Links } from './parse.ts';

/** What an update brought: blocks that will not change any more, and the last one, which may. */
export interface Step {
  /** The text is not a continuation of what was there: forget all blocks. */
  reset: boolean;
  sealed: Block[];
  tail: Block | null;
}

/**
 * Cuts a growing text into blocks and reads only its end again. Markdown's blocks are found from the front: once a block has a successor,
 * nothing that comes later changes it (but for link definitions, which models put in front if anywhere).
 */
export class Splitter {
  private text = '';
  private sealedTo = 0;
  private links: Links = {};

  update(source: string, done: boolean): Step {
    // The lexer reads any line end as \n, and counts so.
    const text = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
    const reset = !text.startsWith(this.text);
    if (reset) {
      this.sealedTo = 0;
      this.links = {};
    }
    this.text = text;
    const { blocks, links } = blocksOf(text.slice(this.sealedTo), this.links);
    this.links = links;
    const keep = done ? 0 : lastBlock(blocks);
    const sealed = done ? blocks : blocks.slice(0, keep);
    for (const block of sealed) this.sealedTo += block.raw.length;
    if (done) this.sealedTo = text.length;
    return { reset, sealed: sealed.filter(visible), tail: done ? null : (blocks.slice(keep).find(visible) ?? null) };
  }
}

/** Where the end begins that may still change: blank lines behind a block belong to it. */
function lastBlock(blocks: Block[]): number {
  let at = blocks.length - 1;
  while (at > 0 && !visible(blocks[at]!)) at--;
  return Math.max(at, 0);
}

const visible = ({ token }: Block) => token.type !== 'space' && token.type !== 'def';
