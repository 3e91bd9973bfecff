import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { findLineHunks, type LineHunk, splitLines } from '../../core/line-hunks.ts';
import { type diagnosticCodes, diagnosticSource } from '../../protocol/rpc.ts';
import type { HeadFile } from './head-files.ts';

const code: (typeof diagnosticCodes)[number] = 'dirty-tree';
const mostHunks = 200;

/** The lines of a document that are not those of the last commit. */
export function findDirtyLines(document: TextDocument, head: HeadFile): Diagnostic[] {
  if (head.kind === 'none') return [];
  if (head.kind === 'new') {
    return [describe(document, 0, 0, 'This file is not committed.')];
  }
  const after = splitLines(document.getText());
  return findLineHunks(splitLines(head.text), after)
    .slice(0, mostHunks)
    .map((hunk) => describeHunk(document, hunk, after.length));
}

function describeHunk(document: TextDocument, hunk: LineHunk, lineCount: number): Diagnostic {
  const { start, added, removed } = hunk;
  const counts = `+${added} -${removed}`;
  if (added > 0) {
    const what = added === 1 ? 'This line is' : 'These lines are';
    return describe(document, start, start + added - 1, `${what} not committed (${counts}).`);
  }
  // Lines that are gone are told at the one that follows, or at the last.
  const line = Math.max(0, Math.min(start, lineCount - 1));
  const what = removed === 1 ? 'A line was removed here' : `${removed} lines were removed here`;
  return describe(document, line, line, `${what}, which is not committed (${counts}).`);
}

function describe(
  document: TextDocument,
  firstLine: number,
  lastLine: number,
  message: string,
): Diagnostic {
  const next = document.offsetAt({ line: lastLine + 1, character: 0 });
  const start = { line: firstLine, character: 0 };
  const text = document.getText({
    start: { line: lastLine, character: 0 },
    end: document.positionAt(next),
  });
  const end = { line: lastLine, character: text.replace(/[\r\n]+$/, '').length };
  return {
    range: { start, end },
    severity: DiagnosticSeverity.Information,
    source: diagnosticSource,
    code,
    message,
  };
}
