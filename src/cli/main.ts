#!/usr/bin/env node
import process from 'node:process';
import { runCommand } from '../process.js';
import { runProgram } from './program.js';

/** `answerback`: without a command it starts everything, as `npm start` does. */
const args = process.argv.slice(2);

// Whoever reads our output may have seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

runCommand((env) =>
  runProgram(args.length > 0 ? args : ['start'], {
    env,
    streams: { out: process.stdout, err: process.stderr },
    // It runs, stops and ends the process by itself.
    start({ json }) {
      if (json) process.env['LOG_FORMAT'] = 'json';
      return import('../main.js').then(() => new Promise<never>(() => {}));
    },
  }),
);
