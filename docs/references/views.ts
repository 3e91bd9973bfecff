import { describeViews } from '../../agent/store/index/describe-views.ts';

/** docs/schema.md: the SQL views of the index. */
export function viewReference(): string {
  return `# The SQL views of runs.sqlite

<!-- Made by \`npm run docs\` from agent/store/index. -->

\`.runrecord/runs.sqlite\` is an index of the records. The views below are public: columns are added,
never renamed. The tables behind them are not. Ask them with

\`\`\`sh
runrecord query "SELECT name, status, duration_ms FROM runs ORDER BY created_at DESC LIMIT 10"
\`\`\`

which first brings the index up to date (the query itself can only read), or with any program that reads
SQLite; open the file read-only there:

\`\`\`sh
sqlite3 -readonly .runrecord/runs.sqlite "SELECT count(*) FROM runs"
\`\`\`

Times are text, RFC 3339 in UTC with milliseconds, so that they sort. Digests are \`sha256:<hex>\`.
The schema of the record itself is [record.schema.json](record.schema.json).

${describeViews().trimEnd()}
`;
}
