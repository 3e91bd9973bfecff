// Shows a tier while it runs, and leaves its counts in a file for the runner: mocha's exit code
// says how many failed, and nothing about the rest.
'use strict';
const { appendFileSync, renameSync, writeFileSync } = require('node:fs');
const { format } = require('node:util');
const { reporters, Runner } = require('mocha');

const { color } = reporters.Base;
const {
  EVENT_RUN_END,
  EVENT_SUITE_BEGIN,
  EVENT_SUITE_END,
  EVENT_TEST_FAIL,
  EVENT_TEST_PASS,
  EVENT_TEST_PENDING,
} = Runner.constants;

module.exports = class TierReporter extends reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const { results, output } = options.reporterOptions;
    let depth = 0;
    // Inside VS Code nobody reads the console: what there is to say goes to a file.
    const print = output ? (text) => appendFileSync(output, `${text}\n`) : console.log;
    if (output) reporters.Base.consoleLog = (...args) => print(format(...args));
    const say = (text) => print(`${'  '.repeat(depth)}${text}`);

    runner.on(EVENT_SUITE_BEGIN, (suite) => {
      if (suite.root) return;
      depth += 1;
      say(suite.title);
    });
    runner.on(EVENT_SUITE_END, (suite) => {
      if (!suite.root) depth -= 1;
    });
    runner.on(EVENT_TEST_PASS, (test) => {
      counts.passed += 1;
      const took =
        test.duration > 1000 ? color('medium', ` (${(test.duration / 1000).toFixed(1)} s)`) : '';
      say(`${color('checkmark', '  ok   ')}${test.title}${took}`);
    });
    runner.on(EVENT_TEST_PENDING, (test) => {
      counts.skipped += 1;
      say(`${color('pending', '  skip ')}${test.title}`);
    });
    // A hook that failed comes here too: the tests behind it did not run.
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      counts.failed += 1;
      say(`${color('fail', '  FAIL ')}${test.title}`);
      print(`${'  '.repeat(depth)}       ${String(error?.message ?? error).split('\n')[0]}`);
    });
    runner.once(EVENT_RUN_END, () => {
      if (this.failures.length > 0) reporters.Base.list(this.failures);
      // Whole or not there: somebody waits for it.
      writeFileSync(`${results}.tmp`, JSON.stringify(counts));
      renameSync(`${results}.tmp`, results);
    });
  }
};
