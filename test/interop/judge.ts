import { execFileSync } from 'node:child_process';
import { bytePath, joinBytes, placeOnDisk } from '../../agent/capture/byte-path.ts';
import { readManifest } from '../../agent/capture/data/manifest.ts';
import type { RunRecord } from '../../agent/protocol/record.ts';
import { workspaceLayout } from '../../agent/store/layout.ts';
import { readObject } from '../../agent/store/objects.ts';
import type { RecordedRun } from './run-program.ts';

/** What the records of a program say of its files, by absolute path as bytes. */
interface Claims {
  inputs: Map<string, string | null>;
  /** Configuration that was read. */
  sources: Map<string, string | null>;
  /** Ids of the blobs in the tree of the code. */
  code: Map<string, string>;
  /** What is said to be there now. */
  outputs: Map<string, string | null>;
  /** All that is said to have been written, at any time. */
  written: Set<string>;
}

/** Where a record and what the system saw are at odds, one line each; none where the record is true. */
export function findDeviations(run: RecordedRun, mayMiss: RegExp | null): string[] {
  const claims = readClaims(run);
  const { root } = run.workspace;
  const name = (path: string) => shorten(path, root);
  const excused = (path: string) => mayMiss?.test(name(path)) === true;
  const found: string[] = [];
  for (const path of run.truth.read) {
    const file = run.before.get(path);
    if (file === undefined || excused(path)) continue;
    const isCode = /\.(?:py|sh)$/.test(path) && claims.code.get(path) === file.blob;
    if (isCode || claims.sources.get(path) === file.digest) continue;
    const said = claims.inputs.get(path);
    if (said === undefined) found.push(`input missing: ${name(path)}`);
    else if (said !== file.digest) found.push(`input with another digest: ${name(path)} ${said}`);
  }
  for (const path of run.truth.written) {
    const [was, is] = [run.before.get(path), run.after.get(path)];
    if (is === undefined || excused(path)) continue;
    if (was?.ctimeNs === is.ctimeNs && was.digest === is.digest) continue;
    const said = claims.outputs.get(path);
    if (said === undefined) found.push(`output missing: ${name(path)}`);
    else if (said !== is.digest) found.push(`output with another digest: ${name(path)} ${said}`);
  }
  for (const path of [...claims.inputs.keys(), ...claims.sources.keys()])
    if (!run.truth.read.has(path)) found.push(`input that was not read: ${name(path)}`);
  for (const path of claims.written)
    if (!run.truth.written.has(path) && !run.truth.gone.has(path))
      found.push(`output that was not written: ${name(path)}`);
  for (const path of claims.outputs.keys())
    if (!run.after.has(path)) found.push(`output that is not there: ${name(path)}`);
  return found.sort();
}

function readClaims(run: RecordedRun): Claims {
  const { root } = run.workspace;
  const claims: Claims = {
    inputs: new Map(),
    sources: new Map(),
    code: readTree(run.record, root),
    outputs: new Map(),
    written: new Set(),
  };
  for (const record of [run.record, ...run.jobs]) {
    for (const entry of record.data) {
      if (entry.role !== 'input' || entry.mode === 'uri') continue;
      if (!entry.seen.some((seen) => ['hook', 'trace', 'scan'].includes(seen))) continue;
      const place = placeOnDisk(entry, root);
      if (entry.mode !== 'tree') claims.inputs.set(place, entry.digest);
      else
        for (const { path, mark } of readManifest(readKept(root, entry.manifest)))
          claims.inputs.set(joinBytes(place, path), `sha256:${mark}`);
    }
    for (const source of record.config.sources)
      if (source.read === true) claims.sources.set(placeOnDisk(source, root), source.digest);
    for (const artifact of record.artifacts) {
      if (!['observed', 'exclusive-directory'].includes(artifact.attribution.kind)) continue;
      const place = placeOnDisk(artifact, root);
      claims.written.add(place);
      if (artifact.state === 'present') claims.outputs.set(place, artifact.digest);
    }
  }
  return claims;
}

function readTree({ code }: RunRecord, root: string): Map<string, string> {
  const blobs = new Map<string, string>();
  if (code.tree === null) return blobs;
  const listed = execFileSync('git', ['ls-tree', '-r', '-z', code.tree], {
    cwd: root,
    encoding: 'latin1',
  });
  for (const entry of listed.split('\0')) {
    const [, id, path] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    if (id !== undefined && path !== undefined) blobs.set(joinBytes(bytePath(root), path), id);
  }
  return blobs;
}

function readKept(root: string, digest: string | null): Buffer {
  const kept = digest === null ? null : readObject(workspaceLayout(root), digest);
  if (kept === null) throw new Error(`the manifest ${digest} is not kept`);
  return kept;
}

/** For a person: relative to the workspace where that is possible. */
function shorten(path: string, root: string): string {
  const text = Buffer.from(path, 'latin1').toString('utf8');
  return text.startsWith(`${root}/`) ? text.slice(root.length + 1) : text;
}
