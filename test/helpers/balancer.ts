import { once } from 'node:events';
import { Agent, type IncomingMessage, request, type RequestOptions } from 'node:http';

/** A load balancer in front of apis, as they are: it asks each whether it is ready, and keeps its connections. */
export interface Balancer {
  /**
   * Posts once: to this api when it is ready, else to another one. It tries the next one only when no process listens;
   * it reports every other failure.
   *
   * @returns the status, 0 for a connection that broke
   */
  post(body: unknown, preferred: number): Promise<number>;
  isReady(api: number): boolean;
  close(): void;
}

const askEveryMs = 100;
const answerWithinMs = 10_000;

export function startBalancer(ports: readonly number[], path: string): Balancer {
  const agent = new Agent({ keepAlive: true });
  const ready = ports.map(() => false);
  const asking = setInterval(
    () => ports.forEach((port, api) => void ask(port).then((isReady) => (ready[api] = isReady))),
    askEveryMs,
  );

  return {
    isReady: (api) => ready[api] === true,
    async post(body, preferred) {
      const json = JSON.stringify(body);
      const inOrder = [preferred, ...ports.keys()].filter((api) => ready[api]);
      for (const api of inOrder) {
        try {
          return await send(
            { port: ports[api], path, method: 'POST', agent, headers: { 'content-type': 'application/json' } },
            json,
          );
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') {
            console.log(`a post to api ${api} failed: ${String(error)}`);
            return 0;
          }
        }
      }
      return 0;
    },
    close() {
      clearInterval(asking);
      agent.destroy();
    },
  };
}

const ask = (port: number) =>
  send({ port, path: '/readyz', agent: false }).then(
    (status) => status === 200,
    () => false,
  );

async function send(options: RequestOptions, body?: string): Promise<number> {
  const asked = request({ host: '127.0.0.1', signal: AbortSignal.timeout(answerWithinMs), ...options });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}
