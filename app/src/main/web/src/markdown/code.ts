import { t } from '../i18n/index.ts';

type Hljs = typeof import('./languages.ts').hljs;

let hljs: Hljs | null = null;
let coming: Promise<void> | null = null;
const LONGEST = 60_000;
// Colouring may take this share of the time: a long block is coloured less often while it grows.
const SHARE = 0.1;

/** A code block: its language, a copy button, and text that grows without being drawn anew. */
export class CodeBlock {
  readonly element: HTMLElement;
  private readonly code = document.createElement('code');
  private readonly language: string;
  private text = '';
  private coloured = 0;
  private notBefore = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(language: string) {
    this.language = language;
    this.element = document.createElement('figure');
    this.element.className = 'code';
    const head = document.createElement('figcaption');
    const name = document.createElement('span');
    name.textContent = language || 'text';
    const copyButton = document.createElement('button');
    copyButton.type = 'button';
    copyButton.className = 'code-copy';
    copyButton.textContent = t('copy');
    copyButton.onclick = () => void copied(copyButton, this.code.textContent ?? '');
    head.append(name, copyButton);
    const pre = document.createElement('pre');
    pre.tabIndex = 0;
    pre.append(this.code);
    this.element.append(head, pre);
  }

  update(text: string, done: boolean): void {
    if (text !== this.text) {
      const tail = this.code.lastChild;
      if (this.text && text.startsWith(this.text) && tail instanceof Text) tail.appendData(text.slice(this.text.length));
      else if (this.text && text.startsWith(this.text)) this.code.append(text.slice(this.text.length));
      else this.code.textContent = text;
      this.text = text;
    }
    this.colour(done);
  }

  private colour(now: boolean): void {
    if (this.coloured === this.text.length || this.text.length > LONGEST || this.language === '' || this.language === 'text') return;
    if (!hljs) {
      coming ??= import('./languages.ts').then((module) => void (hljs = module.hljs));
      void coming.then(() => this.colour(true));
      return;
    }
    if (!hljs.getLanguage(this.language)) return;
    const wait = this.notBefore - performance.now();
    if (!now && wait > 0) {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.colour(true);
      }, wait);
      return;
    }
    const began = performance.now();
    this.code.innerHTML = hljs.highlight(this.text, { language: this.language, ignoreIllegals: true }).value;
    this.coloured = this.text.length;
    const ended = performance.now();
    this.notBefore = ended + Math.max(120, (ended - began) / SHARE);
  }
}

async function copied(button: HTMLButtonElement, text: string): Promise<void> {
  button.textContent = (await copy(text)) ? t('copied') : t('copy.failed');
  setTimeout(() => (button.textContent = t('copy')), 1600);
}

/** False where the browser forbids it; plain http away from localhost has no clipboard API, hence the old way behind it. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'off-screen';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
