import type { ServerResponse } from 'node:http';

export function json(response: ServerResponse, status: number, body: unknown, type = 'application/json') {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

export function problem(
  response: ServerResponse,
  status: number,
  title: string,
  faults?: { path: string; message: string }[],
) {
  json(response, status, { type: 'about:blank', title, status, ...(faults && { faults }) }, 'application/problem+json');
}
