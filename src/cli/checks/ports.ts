import { createServer } from 'node:net';
import path from 'node:path';
import type { Config } from '../../config/config.js';
import { findDevServer } from '../../temporal/dev-server/record.js';
import { localUrl } from '../../config/webhook-url.js';
import { fail, type Finding, get, ok } from './check.js';

const ours = 'in use by this Answerback';

interface Port {
  variable: string;
  port: number;
  host: string;
  /** Whether this Answerback uses the port. */
  isOurs: () => Promise<boolean>;
}

/** Checks that the ports of `answerback start` are free, or in use by the Answerback with these settings. */
export async function checkPorts(config: Config): Promise<Finding> {
  const wanted = portsOf(config);
  const states = await Promise.all(wanted.map(async (port) => ({ ...port, state: await stateOf(port) })));
  const bad = states.filter(({ state }) => state !== 'free' && state !== ours);
  if (bad.length > 0) {
    const names = bad.map(({ variable, port, state }) => `${variable} ${port} is ${state}`).join(', ');
    return fail(
      names,
      `stop the program that uses it, or set ${bad.map(({ variable }) => variable).join(' and ')} to a free port`,
    );
  }
  return ok(states.map(({ variable, port, state }) => `${variable} ${port} is ${state}`).join(', '));
}

function portsOf(config: Config): Port[] {
  const { simulatedGateway, metrics, temporalAddress, payloadKeys, codec } = config;
  const embedded = findDevServer(path.resolve(config.dataDir));
  const ports: Port[] = [
    {
      variable: 'PORT',
      port: config.port,
      host: config.host,
      isOurs: () => respondsWith(`${localUrl(config)}/openapi.json`, '"title":"Answerback"'),
    },
    {
      variable: 'METRICS_PORT',
      port: metrics.port,
      host: metrics.host,
      isOurs: () => respondsWith(`${localUrl(metrics)}/metrics`, 'answerback_build_info'),
    },
  ];
  const addLocal = (variable: string, port: number, isOurs: Port['isOurs']) =>
    void ports.push({ variable, port, host: '127.0.0.1', isOurs });
  if (simulatedGateway.isUsed)
    addLocal('GATEWAY_PORT', simulatedGateway.port, () =>
      respondsWith(`http://127.0.0.1:${simulatedGateway.port}/sent`, '"sent"'),
    );
  if (temporalAddress !== undefined) return ports;
  addLocal('TEMPORAL_PORT', config.temporalPort, async () => (await embedded)?.port === config.temporalPort);
  addLocal('TEMPORAL_UI_PORT', config.temporalUiPort, async () => (await embedded)?.uiPort === config.temporalUiPort);
  if (payloadKeys.length > 0)
    addLocal(
      'CODEC_PORT',
      codec.port,
      async () => (await embedded)?.codecEndpoint?.includes(`:${codec.port}/`) ?? false,
    );
  return ports;
}

async function respondsWith(url: string, content: string): Promise<boolean> {
  return get(url).then(
    ({ status, body }) => status === 200 && body.includes(content),
    () => false,
  );
}

async function stateOf({ port, host, isOurs }: Port): Promise<string> {
  const code = await listenError(port, host);
  if (code === undefined) return 'free';
  if (code !== 'EADDRINUSE')
    return code === 'EACCES' ? 'not allowed for this user (EACCES)' : `not available on ${host} (${code})`;
  return (await isOurs()) ? ours : 'in use by another program';
}

function listenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
