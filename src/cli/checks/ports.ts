import { createServer } from 'node:net';
import path from 'node:path';
import type { Config } from '../../config.js';
import { findServer } from '../../temporal/server-record.js';
import { localUrl, webhookUrl } from '../../webhook-url.js';
import { fail, type Finding, get, ok } from './check.js';

interface Port {
  variable: string;
  port: number;
  host: string;
  /** Whether it is Answerback that holds it. */
  isOurs: () => Promise<boolean>;
}

/** The ports that `answerback start` takes with these settings: free, or held by the Answerback of these settings. */
export async function checkPorts(config: Config): Promise<Finding> {
  const wanted = portsOf(config);
  const states = await Promise.all(wanted.map(async (port) => ({ ...port, state: await stateOf(port) })));
  const bad = states.filter(({ state }) => state !== 'free' && state !== 'ours');
  if (bad.length > 0) {
    const names = bad.map(({ variable, port, state }) => `${variable} ${port} is ${state}`).join(', ');
    return fail(names, `stop what holds it, or set ${bad.map(({ variable }) => variable).join(' and ')} to a free port`);
  }
  return ok(states.map(({ variable, port, state }) => `${variable} ${port} is ${state}`).join(', '));
}

function portsOf(config: Config): Port[] {
  const { port, host, gateway, metrics, temporalAddress, temporalPort, temporalUiPort, payloadKeys, codec, dataDir } = config;
  const embedded = findServer(path.resolve(dataDir));
  const local = '127.0.0.1';
  return [
    { variable: 'PORT', port, host, isOurs: () => answers(webhookUrl(config), 'SMS webhook endpoint is active') },
    { variable: 'METRICS_PORT', port: metrics.port, host: metrics.host, isOurs: () => answers(`${localUrl(metrics)}/metrics`, 'answerback_build_info') },
    ...(gateway.simulated ? [{ variable: 'GATEWAY_PORT', port: gateway.port, host: local, isOurs: () => answers(`${gateway.url}/sent`, '"sent"') }] : []),
    ...(temporalAddress === undefined
      ? [
          { variable: 'TEMPORAL_PORT', port: temporalPort, host: local, isOurs: async () => (await embedded)?.port === temporalPort },
          { variable: 'TEMPORAL_UI_PORT', port: temporalUiPort, host: local, isOurs: async () => (await embedded)?.uiPort === temporalUiPort },
        ]
      : []),
    ...(payloadKeys.length > 0 && temporalAddress === undefined
      ? [{ variable: 'CODEC_PORT', port: codec.port, host: local, isOurs: async () => (await embedded)?.codecEndpoint?.includes(`:${codec.port}/`) ?? false }]
      : []),
  ];
}

async function answers(url: string, words: string): Promise<boolean> {
  return get(url).then(({ status, body }) => status === 200 && body.includes(words), () => false);
}

async function stateOf({ port, host, isOurs }: Port): Promise<string> {
  const code = await listenError(port, host);
  if (code === undefined) return 'free';
  if (code !== 'EADDRINUSE') return code === 'EACCES' ? 'not ours to take (EACCES)' : `not to be had on ${host} (${code})`;
  return (await isOurs()) ? 'ours' : 'taken by another program';
}

function listenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
