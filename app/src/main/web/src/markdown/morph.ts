/** Makes `old`'s children those of `made`, and leaves alone what is the same: a selection in it lives on, nothing flickers. */
export function morph(old: Node, made: Node): void {
  let at = old.firstChild;
  let next = made.firstChild;
  while (next) {
    const following = next.nextSibling;
    if (!at) old.appendChild(next);
    else {
      const after = at.nextSibling;
      if (at.nodeType === Node.TEXT_NODE && next.nodeType === Node.TEXT_NODE) grow(at as Text, (next as Text).data);
      else if (!at.isEqualNode(next)) {
        if (alike(at, next)) morph(at, next);
        else (at as ChildNode).replaceWith(next);
      }
      at = after;
    }
    next = following;
  }
  while (at) {
    const after: ChildNode | null = at.nextSibling;
    at.remove();
    at = after;
  }
}

function grow(text: Text, to: string): void {
  if (text.data === to) return;
  if (to.startsWith(text.data)) text.appendData(to.slice(text.data.length));
  else text.data = to;
}

function alike(a: Node, b: Node): boolean {
  if (!(a instanceof HTMLElement) || !(b instanceof HTMLElement) || a.tagName !== b.tagName || a.className.startsWith('katex')) return false;
  const names = a.getAttributeNames();
  return names.length === b.getAttributeNames().length && names.every((name) => a.getAttribute(name) === b.getAttribute(name));
}
