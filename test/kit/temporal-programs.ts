import type { GoProgram } from './go-program.js';

const module = 'go.temporal.io/server';

/** The Temporal server, by the name that it has in the vendor's image. */
export const temporalServer = (version: string): GoProgram => ({
  name: 'temporal-server',
  module,
  folder: 'cmd/server',
  version,
});

/** Creates and updates the databases of the Temporal server. */
export const temporalSchemaTool = (version: string): GoProgram => ({
  name: 'temporal-sql-tool',
  module,
  folder: 'cmd/tools/sql',
  version,
});
