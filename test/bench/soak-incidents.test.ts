import { describe, expect, it } from 'vitest';
import { play, type Stage } from '../../bench/soak/incidents.js';
import { startSoaked } from '../../bench/soak/product.js';
import type { Incident } from '../../bench/soak/schedule.js';
import type { LoadCommand } from '../../bench/soak/load/messages.js';
import type { LoggedProgram } from '../../bench/servers/program.js';
import { dataFolder } from '../kit/data-folder.js';

const never = new AbortController().signal;

/** A product and an operator to whom nothing happens, but for what a test names. */
function aStage(
  overrides: {
    restart?: () => Promise<void>;
    killTemporal?: () => Promise<void>;
    release?: () => Promise<number>;
    told?: LoadCommand[];
    resumed?: string[];
  } = {},
): Stage {
  const { release = async () => 3, told = [], resumed = [], ...product } = overrides;
  return {
    product: {
      pid: () => 1,
      temporalPid: async () => 2,
      restart: async () => {},
      killTemporal: async () => {},
      crashes: () => 0,
      stop: async () => {},
      ...product,
    },
    gateway: { script: () => {} },
    operator: { release, resume: async (number) => number !== '+2' },
    load: { tell: (command) => void told.push(command) },
    conversations: { machines: () => ['+1', '+2'], loopResumed: (number) => void resumed.push(number) },
    startedAt: Date.now(),
  };
}

const incidents: Incident[] = [
  { atMs: 0, kind: 'product', signal: 'SIGKILL' },
  { atMs: 1, kind: 'temporal' },
  { atMs: 2, kind: 'gateway', name: '503', step: { status: 503 }, untilMs: 3 },
  { atMs: 4, kind: 'release' },
];

describe('the incidents of a soak', () => {
  it('are all reported, with their results', async () => {
    const { events, failures } = await play(incidents, aStage(), never);
    expect(events.map(({ what, detail }) => [what, detail])).toEqual([
      ['product killed', undefined],
      ['Temporal killed', undefined],
      ['gateway fails', '503'],
      ['released', '3'],
    ]);
    expect(failures).toEqual([]);
  });

  it('begin storms and loops at the load, and let only those machines write again that were paused', async () => {
    const told: LoadCommand[] = [];
    const resumed: string[] = [];
    const begun: Incident[] = [
      { atMs: 0, kind: 'storm', senders: 9 },
      { atMs: 1, kind: 'loops', machines: 2 },
      { atMs: 2, kind: 'resume' },
    ];
    const { events } = await play(begun, aStage({ told, resumed }), never);
    expect(events.map(({ what, detail }) => [what, detail])).toEqual([
      ['storm', '9'],
      ['loops', '2'],
      ['loops resumed', '1'],
    ]);
    expect(told).toMatchObject([{ kind: 'storm' }, { kind: 'loops' }, { kind: 'loop-again', number: '+1' }]);
    expect(resumed).toEqual(['+1']);
  });

  it('that fail are reported with their reasons, and are not events', async () => {
    const fails = (words: string) => async () => {
      throw new Error(words);
    };
    const { events, failures } = await play(
      incidents,
      aStage({ restart: fails('it does not start'), killTemporal: fails('not there'), release: fails('exit 1') }),
      never,
    );
    expect(events.map(({ what }) => what)).toEqual(['gateway fails']);
    expect(failures).toEqual(['product: it does not start', 'temporal: not there', 'release: exit 1']);
  });

  it('count no kill of Temporal where none runs', async () => {
    const data = await dataFolder();
    const program = {
      output: () => '',
      exitCode: new Promise(() => {}),
      hasEnded: () => false,
      stop: async () => 0,
    } as unknown as LoggedProgram;
    const product = await startSoaked({ dataDir: data.path, start: async () => program });
    await expect(product.killTemporal()).rejects.toThrow('no Temporal server to kill');
    await product.stop();
    await data.remove();
  });
});
