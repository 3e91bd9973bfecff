/** A column of a view: its name, where its value comes from, and what it means in a sentence. */
export interface ViewColumn {
  name: string;
  sql: string;
  meaning: string;
}

export interface View {
  name: string;
  meaning: string;
  /** What stands after the columns: `FROM ...`. */
  from: string;
  columns: ViewColumn[];
}

function column(name: string, meaning: string, sql = name): ViewColumn {
  return { name, sql, meaning };
}

const runId = column('run_id', 'Id of the run.', 'run.id');

/** Judged nodes by kind: the trust that a node has lost; no row is `ok`. */
const trustOfRun = `coalesce((SELECT trust FROM distrust WHERE kind = 'run' AND distrust.id = run.id), 'ok')`;

/**
 * The public views of the index, written once: the database is made from this table, and so is
 * docs/schema.md. Columns are added, never renamed. `lineage` is in `lineage-view.ts`.
 */
export const plainViews: View[] = [
  {
    name: 'runs',
    meaning: 'One row a run.',
    from: 'FROM run',
    columns: [
      column('id', 'UUIDv7 of the run; sorts by the time of creation.'),
      column('name', 'Name that the user gave, or null.'),
      column(
        'status',
        'preparing, queued, running, succeeded, failed, killed, cancelled or lost; that of a run without an end is derived whenever the index is brought up to date.',
      ),
      column('trust', 'ok, suspect (downstream of something retired) or retired.', trustOfRun),
      column('created_at', 'When the launch was captured (UTC, RFC 3339).'),
      column('started_at', 'When the program started, or null.'),
      column('ended_at', 'When the program ended, or null.'),
      column('duration_ms', 'How long the program ran, by a monotonic clock, in milliseconds.'),
      column('exit_code', 'Exit code of the program, or null.'),
      column('commit_id', 'Git commit that was checked out, or null.'),
      column('branch', 'Git branch, or null.'),
      column('clean', '1 where the working tree was the commit, 0 where it was not, or null.'),
      column('tree_id', 'Git tree of exactly what ran, or null.'),
      column('fingerprint', 'Digest over code, config, data, environment and command.'),
      column('complete', '1 where no field of the record is partial, failed or pending.'),
      column('host', 'Machine that launched the run.'),
      column('user', 'Who launched the run.'),
      column('argv', 'The command as a JSON array.'),
      column('reason', 'Why the run was made, as the user said before.'),
      column('failure_kind', 'launch, exception, exit, signal, out-of-memory, lost, or null.'),
      column('parent', 'Id of the run within which this one was started, or null.'),
      column('rerun_of', 'Id of the run that this one repeats, or null.'),
      column('failure_message', 'The failure in words, or null.'),
      column('signal', 'Signal that ended the program, or null.'),
      column('unattended', '1 while the program runs on without its recorder.'),
      column('inferred', '1 where the status was told from the heartbeat alone.'),
      column('heartbeat_at', 'When the last line was written to the journal.'),
      column('expectation', 'What the user expected, or null.'),
      column('tags', 'Tags as a JSON object.'),
      column('cwd', 'Working directory, relative to the workspace.'),
      column('via', 'palette, terminal, debugger, task, cli, scheduler or import.'),
      column('sweep', 'Sweep that the run belongs to, or null.'),
      column('executable', 'Path of the program that was started, or null.'),
      column('snapshot_ref', 'Git ref that holds the tree, or null.'),
      column('config_digest', 'Digest of the canonical resolved configuration, or null.'),
      column('hardware_class', 'Class of the hardware, or null.'),
      column('interpreter', 'Interpreter with its version, or null.'),
      column('peak_memory_bytes', 'Most memory that the program held, or null.'),
      column('cpu_time_ms', 'Processor time of the program in milliseconds, or null.'),
      column('last_hash', 'Hash of the last line of the journal.'),
    ],
  },
  {
    name: 'config',
    meaning: 'One row a leaf of the resolved configuration.',
    from: 'FROM config_leaf JOIN run ON run.key = config_leaf.run',
    columns: [
      runId,
      column('key', 'Dotted key, as `model.depth`.', 'config_leaf.key'),
      column(
        'value',
        'The value: a number, text, 1 or 0 for a boolean, null, or JSON for a list or an empty mapping.',
      ),
      column('type', 'number, string, boolean, null, list or mapping.'),
      column('origin', 'default, file, override, environment, generated or program; or null.'),
      column('origin_path', 'File that gave the value, or null.'),
      column('origin_line', 'Its line there, from 1, or null.'),
      column('origin_text', 'The override as it was typed, or null.'),
    ],
  },
  {
    name: 'inputs',
    meaning: 'One row an entry of the data field.',
    from: 'FROM input JOIN run ON run.key = input.run',
    columns: [
      runId,
      column('path', 'Path relative to the workspace, absolute outside it, or a URI.'),
      column('role', 'input, or named where nothing was seen to read it.'),
      column('digest', 'Digest at launch, or null.'),
      column('mode', 'full, tree, pointer, stat or uri: what the digest is of.'),
      column('size_bytes', 'Size in bytes, or null.'),
      column('seen', 'How it was found, as a JSON array.'),
      column('name', 'Name in `runrecord.yaml`, or null.', 'input.name'),
      column('file_count', 'Number of files in it, or null.'),
      column('version', 'Version of the dataset or its pointer, or null.'),
      column('changed_during_run', '1 where the content changed while the run went on.'),
      column('digest_after', 'Digest after a change, or null.'),
    ],
  },
  {
    name: 'artifacts',
    meaning: 'One row a version of a file that a run wrote.',
    from: 'FROM artifact JOIN run ON run.key = artifact.run',
    columns: [
      runId,
      column('path', 'Path relative to the workspace.'),
      column('digest', 'Digest of this version, or null.'),
      column('mode', 'full, tree, pointer, stat or uri: what the digest is of.'),
      column('size_bytes', 'Size in bytes, or null.'),
      column('attribution', 'observed, exclusive-directory, contested or unattributed.'),
      column('state', 'present, overwritten, moved or deleted, as the run saw it last.'),
      column('role', 'Role of the artifact, by default output.'),
      column('media_type', 'Media type, or null.'),
      column('first_seen_at', 'When this version was seen first.'),
      column('last_seen_at', 'When this version was seen last.'),
      column('moved_to', 'Where it was moved to, or null.'),
    ],
  },
  {
    name: 'metrics',
    meaning: 'One row a series of a run, in summary.',
    from: 'FROM metric JOIN run ON run.key = metric.run',
    columns: [
      runId,
      column('name', 'Name of the metric.', 'metric.name'),
      column('last', 'Last value; null where that is not a number (see last_text).'),
      column('min', 'Least value, NaN aside.'),
      column('max', 'Greatest value, NaN aside.'),
      column('step', 'Step of the last value that had one.'),
      column('count', 'Number of points.'),
      column('unit', 'Unit, or null.'),
      column('last_text', 'NaN, Infinity, -Infinity or the digits beyond 2^53; else null.'),
      column('source', 'Where the points came from.'),
    ],
  },
  {
    name: 'points',
    meaning: 'One row a point of a series, in the order of its coming (n).',
    from: 'FROM point JOIN metric ON metric.id = point.series JOIN run ON run.key = metric.run',
    columns: [
      runId,
      column('name', 'Name of the metric.', 'metric.name'),
      column('step', 'Step, or null.', 'point.step'),
      column('epoch', 'Epoch, or null.', 'point.epoch'),
      column(
        'at',
        'When the program said it (UTC, RFC 3339), or null.',
        `CASE typeof(point.at) WHEN 'integer' THEN strftime('%Y-%m-%dT%H:%M:%fZ', point.at / 1000.0, 'unixepoch') ELSE point.at END`,
      ),
      column('value', 'The value; null where it is not a number (see value_text).', 'point.value'),
      column(
        'value_text',
        'NaN, Infinity, -Infinity or the digits beyond 2^53; else null.',
        'point.text',
      ),
      column('n', 'Number of the point in its series, from 1.', 'point.n'),
    ],
  },
  {
    name: 'packages',
    meaning: 'One row an installed package.',
    from: 'FROM run JOIN package ON package.package_set = run.package_set',
    columns: [
      runId,
      column('ecosystem', 'pypi, conda and the like.'),
      column('name', 'Name of the package.', 'package.name'),
      column('version', 'Version, or null.'),
      column('imported', '1 where the program imported it, 0 where it did not, or null.'),
      column('source', 'Where it came from, or null.'),
    ],
  },
  {
    name: 'custom',
    meaning: 'One row a field that the program or a plug-in added.',
    from: 'FROM custom_value JOIN run ON run.key = custom_value.run',
    columns: [
      runId,
      column('key', 'Key, as `lab.gpu_hours`.', 'custom_value.key'),
      column('value', 'The value, as in the view config.'),
      column('type', 'Type, as the program gave it.'),
      column('unit', 'Unit, or null.'),
    ],
  },
  {
    name: 'tags',
    meaning: 'One row a tag of a run.',
    from: 'FROM run, json_each(run.tags) AS tag',
    columns: [
      runId,
      column('key', 'Name of the tag.', 'tag.key'),
      column('value', 'Its value.', 'tag.value'),
    ],
  },
  {
    name: 'judgements',
    meaning: 'One row a judgement.',
    from: 'FROM judgement',
    columns: [
      column('id', 'Id of the judgement.'),
      column('kind', 'promotion, rejection, retirement, note or reproduction.'),
      column('subject_kind', 'run, artifact, dataset or promotion.'),
      column('subject_id', 'Id of the run, the digest, or `name@vN`.'),
      column('subject_digest', 'Digest of what is judged, or null.'),
      column('name', 'Name of the promoted artifact, or null.'),
      column('version', 'Its version, from 1, or null.'),
      column('at', 'When it was judged (UTC, RFC 3339).'),
      column('by', 'Who judged.', 'by_name'),
      column('reason', 'Why.'),
      column('subject_run', 'Run that is judged or that the artifact came from, or null.'),
      column('retired_as', 'superseded, invalidated, withdrawn or reinstated; else null.'),
      column('document', 'The whole judgement as JSON.'),
    ],
  },
  {
    name: 'trust',
    meaning: 'One row a thing that has lost trust; what is not here is ok.',
    from: 'FROM distrust',
    columns: [
      column('kind', 'run, digest or promotion.'),
      column('id', 'Id of the run, the digest, or `name@vN`.'),
      column('trust', 'retired, or suspect: downstream of something retired.'),
    ],
  },
  {
    name: 'capture',
    meaning: 'One row for each of the five fields of a run.',
    from: 'FROM capture_status JOIN run ON run.key = capture_status.run',
    columns: [
      runId,
      column('field', 'code, config, data, environment or artifacts.'),
      column('status', 'pending, captured, partial, absent or failed.', 'capture_status.status'),
      column('detail', 'What is missing, or why; or null.'),
      column('duration_ms', 'How long it took, in milliseconds.', 'capture_status.duration_ms'),
    ],
  },
];
