import { leavesOf } from '../core/config/leaves.ts';
import type { ConfigNode } from '../core/config/node.ts';
import type { Redactor } from '../core/redaction/redactor.ts';
import { redactedText } from '../core/redaction/secret-value.ts';
import type { ConfigSource } from './config-source.ts';

/**
 * The bytes of a source to keep: values of secret-named keys and everything with the form of a
 * credential replaced. The same array where there is nothing to replace; null where the file was
 * not read.
 */
export function redactSource(
  source: ConfigSource,
  redactor: Redactor,
  where: string,
): Uint8Array | null {
  if (source.bytes === null) return null;
  if (source.text === null) return redactor.redactBytes(source.bytes, where);
  const named =
    source.parsed.root === null ? [] : secretRanges(source.parsed.root, redactor, where);
  // An offset is into the text that was parsed, which begins after a mark.
  const shift = source.text.startsWith('\ufeff') && source.dialect !== 'json' ? 1 : 0;
  let text = source.text;
  for (const { start, end, rule } of named.toSorted((a, b) => b.start - a.start)) {
    text = `${text.slice(0, start + shift)}"${redactedText(rule)}"${text.slice(end + shift)}`;
  }
  text = redactor.redactText(text, where);
  return text === source.text ? source.bytes : new TextEncoder().encode(text);
}

function secretRanges(root: ConfigNode, redactor: Redactor, where: string) {
  const ranges = new Map<number, { start: number; end: number; rule: string }>();
  for (const { segments, node } of leavesOf(root)) {
    const name = segments.findLast((segment) => !/^\d+$/.test(segment)) ?? '';
    for (const scalar of node.kind === 'list' ? node.items : [node]) {
      if (scalar.kind !== 'scalar' || scalar.value === null || scalar.end <= scalar.start) continue;
      const rule = redactor.judge(name, String(scalar.value));
      if (rule === null) continue;
      ranges.set(scalar.start, { start: scalar.start, end: scalar.end, rule });
      // So that the place is told too.
      redactor.redactValue(name, String(scalar.value), `${where}.${segments.join('.')}`);
    }
  }
  return [...ranges.values()];
}
