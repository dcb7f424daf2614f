import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.js';
import type { Load, Measurement, Order } from './load.js';
import { createRecorder, type Recorder } from './recorder.js';
import { requestMaker } from './requests.js';

type Kind<Name extends Load['kind']> = Extract<Load, { kind: Name }>;

/** Runs one load. */
export async function run({ port, load }: Order): Promise<Measurement> {
  const makeRequest = requestMaker(load);
  const connections = await openWarm(port, warmConnections(load), makeRequest);
  const recorder = createRecorder();
  switch (load.kind) {
    case 'sequential':
      await sequential(load, connections, makeRequest, recorder);
      break;
    case 'burst':
      await bursts(load, connections, makeRequest, recorder);
      break;
    case 'steady':
      await steady(load, connections, makeRequest, recorder);
      break;
    case 'paced':
      await paced(port, load, connections, makeRequest, recorder);
      break;
  }
  const result = recorder.result(load.messagesPerRequest);
  for (const connection of connections) connection.close();
  return result;
}

/** A paced load opens more when it needs them. */
function warmConnections(load: Load): number {
  switch (load.kind) {
    case 'sequential':
    case 'paced':
      return 1;
    case 'burst':
      return load.size;
    case 'steady':
      return load.connections;
  }
}

async function openWarm(port: number, count: number, makeRequest: () => Buffer): Promise<Connection[]> {
  const connections: Connection[] = [];
  for (let i = 0; i < count; i++) {
    const connection = Connection.open(port);
    await new Promise((resolve, reject) => connection.send(makeRequest(), resolve, reject));
    connections.push(connection);
  }
  return connections;
}

async function sequential(
  { requests, pauseMs }: Kind<'sequential'>,
  [connection]: Connection[],
  makeRequest: () => Buffer,
  recorder: Recorder,
) {
  for (let i = 0; i < requests; i++) {
    const request = makeRequest();
    const sentAt = performance.now();
    recorder.add(sentAt, await new Promise((resolve, reject) => connection?.send(request, resolve, reject)));
    if (pauseMs > 0) await sleep(pauseMs);
  }
}

async function bursts(
  { size, repeats, pauseMs }: Kind<'burst'>,
  connections: Connection[],
  makeRequest: () => Buffer,
  recorder: Recorder,
) {
  for (let i = 0; i < repeats; i++) {
    const requests = Array.from({ length: size }, makeRequest);
    const sentAt = performance.now();
    await new Promise<void>((resolve, reject) => {
      let pending = size;
      const answered = (status: number) => {
        recorder.add(sentAt, status);
        if (--pending === 0) resolve();
      };
      requests.forEach((request, index) => (connections[index] as Connection).send(request, answered, reject));
    });
    await sleep(pauseMs);
  }
}

async function steady(
  { seconds }: Kind<'steady'>,
  connections: Connection[],
  makeRequest: () => Buffer,
  recorder: Recorder,
) {
  const endsAt = performance.now() + seconds * 1_000;
  await Promise.all(
    connections.map(
      (connection) =>
        new Promise<void>((resolve, reject) => {
          const next = () => {
            const request = makeRequest();
            const sentAt = performance.now();
            const answered = (status: number) => {
              recorder.add(sentAt, status);
              if (performance.now() < endsAt) next();
              else resolve();
            };
            connection.send(request, answered, reject);
          };
          next();
        }),
    ),
  );
}

/** Few, so that each is used again before the server closes it as idle. */
const maxFreeConnections = 20;

/** Reuses free connections in turn, and opens a new one when none is free. */
async function paced(
  port: number,
  { perSecond, seconds }: Kind<'paced'>,
  connections: Connection[],
  makeRequest: () => Buffer,
  recorder: Recorder,
) {
  const free = [...connections];
  const startsAt = performance.now();
  const open = (): Connection => {
    const connection = Connection.open(port);
    connections.push(connection);
    return connection;
  };
  let pending = perSecond * seconds;
  await new Promise<void>((resolve, reject) => {
    const send = () => {
      const connection = free.shift() ?? open();
      const sentAt = performance.now();
      const answered = (status: number) => {
        recorder.add(sentAt, status);
        if (free.length < maxFreeConnections) free.push(connection);
        else connection.close();
        if (--pending === 0) resolve();
      };
      connection.send(makeRequest(), answered, reject);
    };
    const sendAll = async () => {
      for (let sent = 0; sent < perSecond * seconds; sent++) {
        const due = startsAt + (sent * 1_000) / perSecond - performance.now();
        if (due > 0) await sleep(due);
        send();
      }
    };
    sendAll().catch(reject);
  });
}
