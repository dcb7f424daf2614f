import { startProgram } from '../kit/program.js';

/** The process as `npm start` runs it, after the build that the suite has made. */
export const start = (env: Record<string, string>) => startProgram(process.execPath, ['dist/standalone/main.js'], env);
