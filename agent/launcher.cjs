#!/usr/bin/env node
// The door to the command line. Written so that any Node can read it: one that is too old gets a
// sentence, not a syntax error.
'use strict';

var major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    'runrecord: this is Node ' +
      process.versions.node +
      ', and Run Record needs Node 24 or newer.\n' +
      'Install Node 24, or start it as dist/bin/runrecord, which brings its own.\n',
  );
  process.exit(process.argv[2] === 'run' ? 125 : 1);
}

var path = require('node:path');
var os = require('node:os');
var cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
// V8's compiled code is kept in the user's own folder, never in a shared temporary one.
require('node:module').enableCompileCache(path.join(cache, 'runrecord', 'code'));
require('./agent/main.cjs');
