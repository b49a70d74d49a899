/** The two directions of a conversation as Markdown, no more than the page's tests need. */
export function toMarkdown({ title, messages }) {
  const part = (m) => `## ${m.role === 'user' ? 'User' : `Assistant (${m.model})`}\n\n${m.content}\n`;
  return `# ${title}\n\n${messages.map(part).join('\n')}`;
}

export function fromMarkdown(text) {
  const [head, ...parts] = text.split(/^## (?=User|Assistant)/m);
  const messages = parts.map((part, i) => ({
    id: `i${i}`, parent: i ? `i${i - 1}` : null, role: part.startsWith('User') ? 'user' : 'assistant', content: part.slice(part.indexOf('\n')).trim(),
  }));
  return { title: /^# (.*)/m.exec(head)?.[1] ?? '', messages };
}
