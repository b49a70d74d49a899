import type { Attachment } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { bytes } from '../text/format.ts';

const LARGEST = 1_000_000;

/** Files as text; what is not text is refused with a sentence each. */
export async function readFiles(files: Iterable<File>): Promise<{ attachments: Attachment[]; refused: string[] }> {
  const attachments: Attachment[] = [];
  const refused: string[] = [];
  for (const file of files) {
    if (file.size > LARGEST) {
      refused.push(t('attach.large', { name: file.name, size: bytes(file.size), most: bytes(LARGEST) }));
      continue;
    }
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
      if (text.includes('\0')) throw new TypeError();
      attachments.push({ name: file.name, type: file.type || 'text/plain', text });
    } catch {
      refused.push(t('attach.binary', { name: file.name }));
    }
  }
  return { attachments, refused };
}
