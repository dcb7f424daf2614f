#!/usr/bin/env node
import process from 'node:process';
import { runCommand } from '../process/run-main.js';
import { runProgram } from './program.js';

/** `answerback`: runs a command. Without one it starts everything, as `npm start` does. */
const args = process.argv.slice(2);

// A reader such as `head` may close the pipe early. That is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

runCommand((env) =>
  runProgram(args.length > 0 ? args : ['start'], {
    env,
    streams: { out: process.stdout, err: process.stderr },
    // The standalone main stops and exits the process itself, so this promise never resolves.
    start({ json }) {
      if (json) process.env['LOG_FORMAT'] = 'json';
      return import('../standalone/main.js').then(() => new Promise<never>(() => {}));
    },
  }),
);
