type Katex = typeof import('katex').default;

let katex: Katex | null = null;
let coming: Promise<void> | null = null;
const drawn = new Map<string, HTMLElement>();
const REMEMBERED = 500;

/** Draws the formulas below `root`: at once if KaTeX is here, else when it has come. It sets styles through the DOM, so the CSP holds. */
export function drawMath(root: ParentNode): void {
  const places = root.querySelectorAll<HTMLElement>('span[data-tex]');
  if (places.length === 0) return;
  if (katex) places.forEach(draw);
  else {
    coming ??= Promise.all([import('katex'), import('katex/dist/katex.min.css')]).then(([module]) => void (katex = module.default));
    void coming.then(() => document.querySelectorAll<HTMLElement>('span[data-tex]').forEach(draw));
  }
}

function draw(place: HTMLElement): void {
  const tex = place.dataset.tex ?? '';
  const display = place.dataset.display === 'true';
  const key = (display ? 'd' : 'i') + tex;
  let made = drawn.get(key);
  if (!made) {
    made = document.createElement('span');
    try {
      katex!.render(tex, made, { displayMode: display, throwOnError: true, trust: false, maxSize: 20, maxExpand: 300, strict: 'ignore' });
    } catch {
      return; // Not a formula, or half of one: its source stays.
    }
    if (drawn.size > REMEMBERED) drawn.clear();
    drawn.set(key, made);
  }
  const copy = made.cloneNode(true) as HTMLElement;
  if (display) copy.className = 'math-display';
  copy.setAttribute('data-source', tex);
  place.replaceWith(copy);
}
