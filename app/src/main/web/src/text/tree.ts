/** A conversation is a tree; what is shown is the way from a first message down to a leaf. */
export interface Node {
  id: string;
  parent: string | null;
}

export interface Step {
  id: string;
  /** The messages beside this one, itself too, oldest first. */
  siblings: string[];
}

/** The branch that ends at `leaf`, or the newest one when `leaf` is not in the tree. */
export function branch(nodes: readonly Node[], leaf: string | null): Step[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const children = childrenOf(nodes);
  const path: Step[] = [];
  let node = byId.get(leaf ?? '') ?? nodes.at(-1);
  while (node) {
    path.push({ id: node.id, siblings: children.get(node.parent) ?? [node.id] });
    node = node.parent === null ? undefined : byId.get(node.parent);
  }
  return path.reverse();
}

/** The leaf one comes to from `id`, keeping to the newest child. */
export function leafBelow(nodes: readonly Node[], id: string): string {
  const children = childrenOf(nodes);
  let at = id;
  for (let next = children.get(at)?.at(-1); next !== undefined; next = children.get(at)?.at(-1)) at = next;
  return at;
}

function childrenOf(nodes: readonly Node[]): Map<string | null, string[]> {
  const children = new Map<string | null, string[]>();
  for (const { id, parent } of nodes) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(id);
    else children.set(parent, [id]);
  }
  return children;
}
