import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeOpenAi {
  baseURL: string;
  /** The bodies and headers of the requests that came. */
  requests: Array<{
    body: { model: string; messages: Array<{ role: string; content: string }>; response_format: unknown };
    headers: IncomingHttpHeaders;
  }>;
  /** Sets how requests are answered from now on. */
  answerWith(answer: (response: ServerResponse) => void): void;
  close(): Promise<void>;
}

/** A completion as OpenAI sends it, with this content or refusal. */
export function completion(message: { content?: string | null; refusal?: string }) {
  return (response: ServerResponse) => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1,
        model: 'fake',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: null, ...message } }],
      }),
    );
  };
}

/** Any response, as JSON unless the headers say otherwise. */
export function answer(status: number, body: string, headers: Record<string, string> = {}) {
  return (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

/** An error as OpenAI sends it: its message may quote what it was sent. */
export function fault(
  status: number,
  {
    code = null,
    quoting = '',
    headers,
  }: { code?: string | null; quoting?: string; headers?: Record<string, string> } = {},
) {
  return answer(
    status,
    JSON.stringify({ error: { message: `As the script says. ${quoting}`, type: 'fake', param: null, code } }),
    headers,
  );
}

/** A real HTTP server in OpenAI's place. */
export async function startFakeOpenAi(): Promise<FakeOpenAi> {
  const requests: FakeOpenAi['requests'] = [];
  let answering: (response: ServerResponse) => void = completion({ content: '{"label":"Agree"}' });
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      requests.push({ body: JSON.parse(text), headers: request.headers });
      answering(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    answerWith: (next) => void (answering = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
