import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.js';
import type { Load, Measurement, Order } from './load.js';
import { createRecorder, type Recorder } from './recorder.js';
import { requestMaker } from './requests.js';

type Kind<Name extends Load['kind']> = Extract<Load, { kind: Name }>;

/** Runs one load on connections that are warm, unless it asks for new ones. */
export async function run({ port, load }: Order): Promise<Measurement> {
  const makeRequest = requestMaker(load);
  const connections = await openWarm(port, warmConnections(load), makeRequest);
  const recorder = createRecorder();
  switch (load.kind) {
    case 'sequential':
      await sequential(port, load, connections, makeRequest, recorder);
      break;
    case 'burst':
      await bursts(port, load, connections, makeRequest, recorder);
      break;
    case 'steady':
      await steady(load, connections, makeRequest, recorder);
      break;
    case 'paced':
      await paced(load, connections, makeRequest, recorder);
      break;
  }
  const result = recorder.result(load.messagesPerRequest);
  for (const connection of connections) connection.close();
  return result;
}

function warmConnections(load: Load): number {
  switch (load.kind) {
    case 'sequential':
      return load.newConnections ? 0 : 1;
    case 'burst':
      return load.newConnections ? 0 : load.size;
    case 'steady':
      return load.connections;
    case 'paced':
      return load.perSecond;
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

async function sequential(port: number, { requests, pauseMs, newConnections }: Kind<'sequential'>, [warm]: Connection[], makeRequest: () => Buffer, recorder: Recorder) {
  for (let i = 0; i < requests; i++) {
    const request = makeRequest();
    const sentAt = performance.now();
    const connection = newConnections ? Connection.open(port) : (warm as Connection);
    recorder.add(sentAt, await new Promise((resolve, reject) => connection.send(request, resolve, reject)));
    if (newConnections) connection.close();
    if (pauseMs > 0) await sleep(pauseMs);
  }
}

async function bursts(port: number, { size, repeats, pauseMs, newConnections }: Kind<'burst'>, warm: Connection[], makeRequest: () => Buffer, recorder: Recorder) {
  for (let i = 0; i < repeats; i++) {
    const requests = Array.from({ length: size }, makeRequest);
    const sentAt = performance.now();
    const connections = newConnections ? requests.map(() => Connection.open(port)) : warm;
    await new Promise<void>((resolve, reject) => {
      let left = size;
      const answered = (status: number) => {
        recorder.add(sentAt, status);
        if (--left === 0) resolve();
      };
      requests.forEach((request, index) => (connections[index] as Connection).send(request, answered, reject));
    });
    if (newConnections) for (const connection of connections) connection.close();
    await sleep(pauseMs);
  }
}

async function steady({ seconds }: Kind<'steady'>, connections: Connection[], makeRequest: () => Buffer, recorder: Recorder) {
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

async function paced({ perSecond, seconds }: Kind<'paced'>, connections: Connection[], makeRequest: () => Buffer, recorder: Recorder) {
  const startsAt = performance.now();
  const answers: Promise<void>[] = [];
  for (let i = 0; i < perSecond * seconds; i++) {
    await sleep(Math.max(0, startsAt + (i * 1_000) / perSecond - performance.now()));
    // A second's worth of connections: each one is free again when its turn comes.
    const connection = connections[i % connections.length] as Connection;
    const request = makeRequest();
    const sentAt = performance.now();
    answers.push(new Promise<number>((resolve, reject) => connection.send(request, resolve, reject)).then((status) => recorder.add(sentAt, status)));
  }
  await Promise.all(answers);
}
