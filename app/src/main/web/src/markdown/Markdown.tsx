import { useLayoutEffect, useRef } from 'preact/hooks';
import { MarkdownStream } from './stream.ts';

export function Markdown({ text, done, label }: { text: string; done: boolean; label?: string }) {
  const root = useRef<HTMLDivElement>(null);
  const stream = useRef<MarkdownStream>(null);
  useLayoutEffect(() => {
    stream.current ??= new MarkdownStream(root.current!);
    stream.current.update(text, done);
  }, [text, done]);
  return <div ref={root} class="markdown" aria-label={label} dir="auto" />;
}
