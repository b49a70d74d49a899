import type { Delta, Message } from '../api/types.ts';

/** Appends what is new of a piece that says where it belongs; null when something before it is missing. */
export function append(text: string, [offset, piece]: [number, string]): string | null {
  if (offset > text.length) return null;
  return offset + piece.length <= text.length ? text : text.slice(0, offset) + piece;
}

/** The message with the delta in it: the same object if it held that already, null if it has missed something. */
export function apply(message: Message, delta: Delta): Message | null {
  const content = delta.content ? append(message.content, delta.content) : message.content;
  const thinking = delta.thinking ? append(message.thinking, delta.thinking) : message.thinking;
  if (content === null || thinking === null) return null;
  return content === message.content && thinking === message.thinking ? message : { ...message, content, thinking };
}
